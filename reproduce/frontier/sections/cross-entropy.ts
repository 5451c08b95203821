import { edgeOf, layersOf, measured, median, plateau, type Training } from '../../chapter-3/trajectories.ts';
import type { Section } from '../section.ts';
import { claims, shown, spread, table } from '../statistics.ts';
import { bySeed, convergedShare, first, firstAbove, groups, last, lastAbove, valuesOf, within } from '../trainings.ts';
import { isComparable, isDifferent, ratioOf } from './shared.ts';

/** "Slightly above" 2 / η: the median there is no more than this above it. */
const SLIGHTLY = 0.1;
/** λ "falls late" where it ends below this share of 2 / η. */
const FALLEN = 0.5;
/** λ1(G) and λ fall "in proportion" where their ratio changes by less than this factor. */
const PROPORTIONAL = 1.25;
/** "Rises" and "falls". */
const CHANGE = 1.25;

const sharpness = (training: Training) => measured(training, 'sharpness');
const above = (training: Training) => [
  firstAbove(sharpness(training), edgeOf(training)),
  lastAbove(sharpness(training), edgeOf(training)),
];

/** The iteration from which all training examples are right to the end. */
function fitted(training: Training): number | undefined {
  const accuracy = measured(training, 'accuracy');
  const wrong = accuracy.findLastIndex(({ value }) => value < 1);
  return accuracy[wrong + 1]?.iteration;
}

/** λ1(G) / λ, median between two iterations. */
function gaussNewton(training: Training, from: number, to: number): number {
  const of = new Map(sharpness(training).map(({ iteration, value }) => [iteration, value]));
  const ratios = within(measured(training, 'gauss_newton_sharpness'), from, to).map(
    ({ iteration, value }) => value / of.get(iteration)!,
  );
  return median(ratios);
}

/** Where the test loss is smallest, beside its last value. */
function testLoss(training: Training) {
  const losses = measured(training, 'test_loss');
  return losses.reduce((best, point) => (point.value < best.value ? point : best));
}

export const crossEntropy: Section = {
  name: 'cross-entropy',
  sweeps: [{ sweep: 'cross-entropy', runs: 3 }],
  seeds: 'initial weights',
  write(results) {
    const { trainings } = results;
    const end = (training: Training) => last(training, 'sharpness') / edgeOf(training);
    const early = (training: Training) => {
      const [from, to] = above(training);
      return gaussNewton(training, from ?? 1, to ?? 1);
    };
    const late = (training: Training) => gaussNewton(training, 0.8 * training.series.rows, training.series.rows);
    const peak = (training: Training) => Math.max(...valuesOf(sharpness(training))) / edgeOf(training);
    const rows = groups(results).map(({ name, trainings: ours }) => [
      name.replace('constant ', ''),
      spread(ours.map((training) => above(training)[0])),
      spread(ours.map((training) => above(training)[1])),
      spread(ours.map(fitted)),
      spread(ours.map(peak)),
      spread(ours.map(end)),
      spread(ours.map((training) => last(training, 'loss'))),
      `${spread(ours.map(early))}; ${spread(ours.map(late))}`,
    ]);
    const ends = bySeed(results).map((ours) => ours.map((training) => last(training, 'sharpness')));
    return [
      table(
        [
          'step size',
          'λ first above 2 / η',
          'last above',
          'training accuracy stays 1 from',
          'highest λ η / 2',
          'λ η / 2 at the end',
          'last loss',
          'λ1(G) / λ while at the edge; in the last fifth',
        ],
        rows,
      ),
      claims([
        {
          text: 'λ rises to 2 / step size',
          holds: trainings.map((training) => above(training)[0] !== undefined),
          numbers: `every measurement converged: ${shown(100 * Math.min(...trainings.map((t) => convergedShare(t))))} %`,
        },
        {
          text: 'λ falls late while the network fits (to less than half of 2 / step size)',
          holds: trainings.map((training) => end(training) < FALLEN),
          numbers: `to ${spread(trainings.map(end))} of it`,
        },
        {
          text: 'λ falls before the last example is right',
          holds: trainings
            .filter((training) => above(training)[1] !== undefined)
            .map((training) => above(training)[1]! < (fitted(training) ?? Infinity)),
          numbers: `last above 2 / η ${spread(trainings.map((t) => (fitted(t) ?? Number.NaN) - (above(t)[1] ?? Number.NaN)))} iterations before`,
        },
        {
          text: 'the larger the step size, the less λ in the end',
          holds: ends.map((values) => values.every((value, i) => i === 0 || value < values[i - 1])),
          numbers: 'of each seed, over the three step sizes',
        },
        {
          text: 'the fall is that of the Gauss-Newton part: λ1(G) / λ stays the same',
          holds: trainings.map((training) => ratioOf([early(training), late(training)]) < PROPORTIONAL),
          numbers: `${spread(trainings.map(early))} at the edge, ${spread(trainings.map(late))} in the last fifth`,
        },
        {
          text: 'R = H - G is negligible in the end: λ1(G) is within 10 % of λ',
          holds: trainings.map((training) => Math.abs(late(training) - 1) < SLIGHTLY),
          numbers: `λ1(G) / λ ${spread(trainings.map(late))}`,
        },
        {
          text: 'λ has no spikes above 1.5 of 2 / step size',
          holds: trainings.map((training) => peak(training) < 1.5),
          numbers: groups(results)
            .map(({ name, trainings: ours }) => `${name.replace('constant ', 'η ')}: up to ${spread(ours.map(peak))}`)
            .join('; '),
        },
        {
          text: 'the test loss is smallest before λ last leaves 2 / step size, and rises after',
          holds: trainings.map(
            (training) =>
              testLoss(training).iteration <= (above(training)[1] ?? 0) &&
              last(training, 'test_loss') > CHANGE * testLoss(training).value,
          ),
          numbers: `from ${spread(trainings.map((t) => testLoss(t).value))} to ${spread(trainings.map((t) => last(t, 'test_loss')))}; test accuracy in the end ${spread(trainings.map((t) => last(t, 'test_accuracy')))}`,
        },
      ]),
    ].join('\n\n');
  },
};

/** Median of a column from the first to the last measurement of λ at or above 2 / η. */
function there(training: Training, name: string): number {
  const [from, to] = above(training);
  return from === undefined ? Number.NaN : median(valuesOf(within(measured(training, name), from, to)));
}

/** Largest gradient norm at the edge over the smallest before it; undefined without a "before". */
function normRise(training: Training): number | undefined {
  const [from, to] = above(training);
  if (from === undefined || from <= 20) return undefined;
  const norms = measured(training, 'gradient_norm');
  return Math.max(...valuesOf(within(norms, from, to))) / Math.min(...valuesOf(within(norms, 1, from)));
}

const middle = (values: readonly number[]): string => (values.some(Number.isNaN) ? '–' : shown(median(values)));

export const crossEntropyLayers: Section = {
  name: 'cross-entropy-layers',
  sweeps: [{ sweep: 'cross-entropy-layers', runs: 3 }],
  seeds: 'initial weights',
  write(results) {
    const rows = groups(results).map(({ at, trainings }) => {
      const names = layersOf(trainings[0]);
      return [
        String(at.activation),
        String(at.loss),
        shown(edgeOf(trainings[0])),
        spread(trainings.map((training) => above(training)[0])),
        spread(trainings.map((training) => above(training)[1])),
        spread(trainings.map((training) => there(training, 'sharpness') / edgeOf(training))),
        names.map((name) => middle(trainings.map((training) => there(training, name)))).join(', '),
        names.map((name) => middle(trainings.map((training) => last(training, name)))).join(', '),
      ];
    });
    const of = (loss: string, ...activations: string[]) =>
      results.trainings.filter(({ at }) => at.loss === loss && activations.includes(String(at.activation)));
    const layers = (training: Training) => layersOf(training).map((name) => there(training, name));
    const isAtEdge = (training: Training) => above(training)[0] !== undefined;
    const claimsOf = (loss: string) => {
      const edges = of(loss, 'linear', 'relu', 'tanh').filter(isAtEdge);
      const ratios = edges.map((training) => there(training, 'sharpness') / edgeOf(training));
      const grown = (training: Training, name: string) => plateau(training, name) / first(training, name);
      const sigmoid = of(loss, 'sigmoid');
      const growth = sigmoid.map((training) => layersOf(training).map((name) => grown(training, name)));
      const tangents = of(loss, 'tanh').filter(isAtEdge);
      const rising = edges.filter((training) => normRise(training) !== undefined);
      const alike = of(loss, 'linear', 'relu').filter(isAtEdge);
      return [
        {
          text: `${loss}: at the edge λ stays slightly above 2 / step size (by less than a tenth)`,
          holds: ratios.map((ratio) => ratio >= 1 && ratio < 1 + SLIGHTLY),
          numbers: `median ${spread(ratios)} of it`,
        },
        {
          text: `${loss}: linear and ReLU: the layers are comparable (a factor of 2)`,
          holds: alike.map((training) => isComparable(layers(training))),
          numbers: `largest over smallest ${spread(alike.map((training) => ratioOf(layers(training))))}`,
        },
        {
          text: `${loss}: tanh: all three layers are noticeably different (a factor of 1.25)`,
          holds: tangents.map((training) => isDifferent(layers(training))),
          numbers: 'layers in the table',
        },
        {
          text: `${loss}: sigmoid: input and hidden layers grow more than twice as much as the output layer`,
          holds: growth.map((factors) =>
            factors.slice(0, -1).every((factor) => factor > 2 * factors[factors.length - 1]),
          ),
          numbers: `by factors of ${[0, 1, 2].map((layer) => spread(growth.map((factors) => factors[layer]))).join('; ')}`,
        },
        {
          text: `${loss}: at the edge the gradient norm rises rapidly (more than twice the smallest before)`,
          holds: rising.map((training) => normRise(training)! > 2),
          numbers: `by factors of ${spread(rising.map(normRise))}`,
        },
      ];
    };
    return [
      table(
        [
          'activation',
          'loss',
          '2 / η',
          'first above',
          'last above',
          'λ there over 2 / η',
          'layers there',
          'layers at the end',
        ],
        rows,
      ),
      claims([...claimsOf('mse'), ...claimsOf('cross-entropy')]),
    ].join('\n\n');
  },
};
