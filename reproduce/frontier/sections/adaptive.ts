import { layersOf, measured, plateau, type Training } from '../../chapter-3/trajectories.ts';
import type { Section } from '../section.ts';
import { claims, shown, spread, table } from '../statistics.ts';
import { atEdge, convergedShare, first, groups, last, thresholdOf, valueAt, valuesOf, within } from '../trainings.ts';
import { median, ROUGHLY, ratioOf } from './shared.ts';

const S = 'preconditioned_sharpness';
/** "Rises" at the edge: by this factor at least. */
const RISES = 2;

/** P is made of few gradients up to this iteration, and S may be above its edge for that reason. */
const START = 100;

const edgeOf = (training: Training, optimizer: string) =>
  atEdge(within(measured(training, S), START), thresholdOf(training, optimizer));

/** Factor by which the sharpness itself rises from where S is first above its edge to the end. */
function rise(training: Training, optimizer: string): number | undefined {
  const from = edgeOf(training, optimizer)?.from;
  return from === undefined ? undefined : last(training, 'sharpness') / valueAt(training, 'sharpness', from);
}

/** What each layer has of the whole network's, medians of the last fifth of the iterations and over the seeds. */
function shares(trainings: readonly Training[], name: string): string {
  return layersOf(trainings[0], name)
    .map((column) => shown(median(trainings.map((training) => plateau(training, column) / plateau(training, name)))))
    .join(', ');
}

function stays(trainings: readonly Training[], optimizer: string) {
  const edges = trainings.map((training) => edgeOf(training, optimizer));
  return {
    holds: edges.map((edge) => edge !== undefined && Math.abs(edge.median - 1) <= ROUGHLY),
    numbers: `median of S over it ${spread(edges.map((edge) => edge?.median))}`,
  };
}

function rises(trainings: readonly Training[], optimizer: string) {
  const factors = trainings.map((training) => rise(training, optimizer));
  return {
    text: 'λ does not stay (it rises at least twofold meanwhile)',
    holds: factors.map((factor) => factor !== undefined && factor >= RISES),
    numbers: `it rises by a factor of ${spread(factors)}`,
  };
}

/** Iterations over which the largest fall of a layer's S is looked for. */
const FALL = 30;

/** The largest fall of S of the last layer at the edge, over `FALL` iterations, and what its λ and its gradient do meanwhile. */
function fallOfLast(training: Training) {
  const column = layersOf(training, S).at(-1)!;
  const layer = layersOf(training).at(-1)!;
  const norm = layersOf(training, 'gradient_norm').at(-1)!;
  const settled = (edgeOf(training, 'adam')?.from ?? 1) + 100;
  const falls = within(measured(training, column), settled).flatMap(({ iteration, value }) => {
    const later = valueAt(training, column, iteration + FALL);
    return Number.isFinite(later) ? [{ iteration, factor: later / value }] : [];
  });
  const { iteration, factor } = falls.reduce((most, one) => (one.factor < most.factor ? one : most));
  const norms = measured(training, norm);
  const burst =
    Math.max(...valuesOf(within(norms, iteration, iteration + FALL))) /
    median(valuesOf(within(norms, iteration - 100, iteration)));
  const lambda = valueAt(training, layer, iteration + FALL) / valueAt(training, layer, iteration);
  return { iteration, factor, lambda, burst };
}

export const adam: Section = {
  name: 'adam',
  sweeps: [{ sweep: 'adam', runs: 5 }],
  seeds: 'data and initial weights',
  write({ trainings }) {
    const threshold = thresholdOf(trainings[0], 'adam');
    const edges = trainings.map((training) => edgeOf(training, 'adam'));
    const over = (iteration: number) =>
      spread(trainings.map((training) => valueAt(training, S, iteration) / threshold));
    const layers = (training: Training, name: string) =>
      layersOf(training, name).map((column) => plateau(training, column));
    const falls = trainings.map(fallOfLast);
    const ratios = (name: string) => trainings.map((training) => ratioOf(layers(training, name)));
    return [
      table(
        ['', ''],
        [
          ...[1, 51, 401, 701].map((iteration) => [`S η / 38 at iteration ${iteration}`, over(iteration)]),
          [`first above 1 after iteration ${START}`, spread(edges.map((edge) => edge?.from))],
          ['from 100 iterations later: 5 % of the measurements below', spread(edges.map((edge) => edge?.low))],
          ['median', spread(edges.map((edge) => edge?.median))],
          ['95 % below', spread(edges.map((edge) => edge?.high))],
          ['lowest', spread(edges.map((edge) => edge?.least))],
          ['highest', spread(edges.map((edge) => edge?.most))],
          ['λ where S is first above', spread(trainings.map((t, i) => valueAt(t, 'sharpness', edges[i]?.from ?? 1)))],
          ['λ at the end', spread(trainings.map((training) => last(training, 'sharpness')))],
          ['S of the layers over that of the network, last fifth', shares(trainings, S)],
          ['λ of the layers over that of the network, last fifth', shares(trainings, 'sharpness')],
          [
            'share of the measurements of S that converged',
            spread(trainings.map((t) => convergedShare(t, `${S}_converged`))),
          ],
        ],
      ),
      claims([
        { text: 'S rises to 38 / η and stays there', ...stays(trainings, 'adam') },
        {
          text: 'at the edge 90 % of the measurements of S are within 10 % of it',
          holds: edges.map((edge) => edge !== undefined && edge.low >= 1 - ROUGHLY && edge.high <= 1 + ROUGHLY),
          numbers: `from ${spread(edges.map((edge) => edge?.low))} to ${spread(edges.map((edge) => edge?.high))}`,
        },
        rises(trainings, 'adam'),
        {
          text: 'S is large at the start, where P is one gradient (more than at iteration 51)',
          holds: trainings.map((training) => valueAt(training, S, 1) > valueAt(training, S, 51)),
          numbers: `${spread(trainings.map((t) => valueAt(t, S, 1) / valueAt(t, S, 51)))} times as large`,
        },
        {
          text: 'S is above its edge at the start',
          holds: trainings.map((training) => first(training, S) > threshold),
          numbers: `S η / 38 ${spread(trainings.map((training) => first(training, S) / threshold))}`,
        },
        {
          text: 'the layers differ less under S than under λ',
          holds: trainings.map((_, i) => ratios(S)[i] < ratios('sharpness')[i]),
          numbers: `largest over smallest ${spread(ratios(S))} against ${spread(ratios('sharpness'))}`,
        },
        {
          text: `the largest fall of S of layer 3 over ${FALL} iterations leaves λ of the layer as it was (within 1 %)`,
          holds: falls.map(({ lambda }) => Math.abs(lambda - 1) < 0.01),
          numbers: `S to ${spread(falls.map(({ factor }) => factor))} of it, λ to ${spread(falls.map(({ lambda }) => lambda))}; first seed at iteration ${falls[0].iteration}`,
        },
        {
          text: '... and comes with a burst of the gradient of the layer (twice the median of the 100 iterations before)',
          holds: falls.map(({ burst }) => burst > 2),
          numbers: `${spread(falls.map(({ burst }) => burst))} times the median`,
        },
      ]),
    ].join('\n\n');
  },
};

export const rmsprop: Section = {
  name: 'rmsprop',
  sweeps: [{ sweep: 'rmsprop', runs: 5 }],
  seeds: 'data and initial weights',
  write(results) {
    const all = groups(results);
    const rows = all.map(({ name, trainings }) => {
      const edges = trainings.map((training) => edgeOf(training, 'rmsprop'));
      return [
        name,
        spread(edges.map((edge) => edge?.from)),
        spread(edges.map((edge) => edge?.low)),
        spread(edges.map((edge) => edge?.median)),
        spread(edges.map((edge) => edge?.high)),
        spread(trainings.map((t, i) => valueAt(t, 'sharpness', edges[i]?.from ?? 1))),
        spread(trainings.map((training) => last(training, 'sharpness'))),
        shares(trainings, S),
      ];
    });
    /** Layers whose S is above 0.9 of the network's over the last fifth. */
    const near = (training: Training) =>
      layersOf(training, S).filter((column) => plateau(training, column) > (1 - ROUGHLY) * plateau(training, S)).length;
    return [
      table(
        [
          'η',
          'first above',
          '5 %',
          'median',
          '95 %',
          'λ there',
          'λ at the end',
          'S of the layers over that of the network',
        ],
        rows,
      ),
      claims([
        { text: 'S rises to 2 / η and stays there', ...stays(results.trainings, 'rmsprop') },
        rises(results.trainings, 'rmsprop'),
        {
          text: 'in the end exactly one layer has its S within 10 % of that of the network',
          holds: results.trainings.map((training) => near(training) === 1),
          numbers: 'last column above',
        },
      ]),
    ].join('\n\n');
  },
};
