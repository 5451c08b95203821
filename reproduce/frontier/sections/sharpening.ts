import { layersOf, measured, reached, type Training } from '../../chapter-3/trajectories.ts';
import type { Section } from '../section.ts';
import { claims, shown, spread, table } from '../statistics.ts';
import { bySeed, first, groups, last, valueAt, valuesOf, within } from '../trainings.ts';
import { median } from './shared.ts';

/** λ up to where it first reaches 2 / η, or to the end, and what the rates say that it gains until there, by the trapezoidal rule. */
export function budget(training: Training) {
  const until = reached(training) ?? training.series.rows;
  const eta = training.series.columns.get('step_size')![0];
  const integral = (name: string) => {
    const points = within(measured(training, name), 1, until);
    return points.slice(1).reduce((sum, { iteration, value }, i) => {
      return sum + ((value + points[i].value) / 2) * eta * (iteration - points[i].iteration);
    }, 0);
  };
  const lambda = valuesOf(within(measured(training, 'sharpness'), 1, until));
  const rise = lambda[lambda.length - 1] - lambda[0];
  const whole = integral('sharpening');
  const layers = layersOf(training, 'sharpening').map(integral);
  return { from: lambda[0], to: lambda[lambda.length - 1], rise, whole, layers, until };
}

const masses = (training: Training, at: typeof first): number[] =>
  layersOf(training, 'eigenvector_mass').map((name) => at(training, name));

/** λ over the largest of the layers'. */
const overLargest = (training: Training, at: typeof first): number =>
  at(training, 'sharpness') / Math.max(...layersOf(training).map((name) => at(training, name)));

const largest = (values: readonly number[]): number => values.indexOf(Math.max(...values));

/** Medians over the seeds, layer by layer. */
const byLayer = (values: readonly number[][]): string =>
  values[0].map((_, layer) => shown(Number(median(values.map((of) => of[layer])).toFixed(2)))).join(', ');

/** Without kinks it is this close. */
const SMOOTH = 0.01;
const MOST_EXAMPLES = 5000;
const examples = ({ at }: Training): number => Number(at['dataset.examples'] ?? at.examples);

/** The integral accounts for the rise: within this share of it. */
const ACCOUNTS = 0.05;

export const sharpening: Section = {
  name: 'layers',
  sweeps: [{ sweep: 'layers', runs: 3, figure: ['grid.depth=3'] }],
  seeds: 'data and initial weights',
  write(results) {
    const all = groups(results).filter(({ at }) => at.activation !== 'relu');
    const trainings = all.flatMap(({ trainings: ours }) => ours);
    const rows = all.map(({ at, trainings: ours }) => {
      const budgets = ours.map(budget);
      return [
        `${at.activation}, ${at.depth}`,
        `${spread(budgets.map(({ from }) => from))}; ${spread(budgets.map(({ to }) => to))}`,
        spread(budgets.map(({ whole, rise }) => whole / rise)),
        byLayer(budgets.map(({ layers, whole }) => layers.map((layer) => layer / whole))),
        byLayer(ours.map((training) => masses(training, first))),
        byLayer(ours.map((training) => masses(training, last))),
        `${spread(ours.map((training) => overLargest(training, first)))}; ${spread(ours.map((training) => overLargest(training, last)))}`,
      ];
    });
    const of = (activation: string) => trainings.filter(({ at }) => at.activation === activation);
    const outputShare = (training: Training) => {
      const { layers, whole } = budget(training);
      return layers[layers.length - 1] / whole;
    };
    const sharpIsSharpening = (training: Training) =>
      largest(masses(training, last)) === largest(budget(training).layers);
    const sign = (training: Training) => budget(training).layers[1];
    const deepSigmoid = of('sigmoid').filter(({ at }) => Number(at.depth) > 2);
    const depths = (activation: string) => {
      const ours = of(activation);
      const runs = [...new Set(ours.map(({ run }) => run))];
      return runs.map((run) =>
        ours.filter((training) => training.run === run).map((training) => overLargest(training, last)),
      );
    };
    const edges = trainings.filter((training) => reached(training) !== undefined);
    const atEdgeRate = (training: Training) =>
      median(valuesOf(within(measured(training, 'sharpening'), reached(training)!)));
    const deeper = ['tanh', 'gelu'].flatMap(depths);
    return [
      table(
        [
          'activation, depth',
          'λ at the start; where the sum ends',
          'integral of the rates over the rise of λ',
          'of which by layer 1, 2, ...',
          'eigenvector mass by layer at the start',
          'and at the end',
          'λ / largest λ_l, start; end',
        ],
        rows,
      ),
      claims([
        {
          text: 'the rates account for the rise of λ (their integral is within 5 % of it)',
          holds: trainings.map((training) => Math.abs(budget(training).whole / budget(training).rise - 1) <= ACCOUNTS),
          numbers: `integral over rise ${spread(trainings.map((t) => budget(t).whole / budget(t).rise))}`,
        },
        {
          text: 'the layer that is sharp is the layer that sharpens: the largest eigenvector mass at the end is in the layer with the largest part of the rise',
          holds: trainings.map(sharpIsSharpening),
          numbers: ['tanh', 'sigmoid', 'gelu']
            .map((name) => `${name} ${of(name).filter(sharpIsSharpening).length} of ${of(name).length}`)
            .join(', '),
        },
        {
          text: 'tanh: the output layer, almost without mass at the end, contributes more than a third of the rise',
          holds: of('tanh').map((training) => outputShare(training) > 1 / 3),
          numbers: spread(of('tanh').map(outputShare)),
        },
        {
          text: 'sigmoid: the output layer contributes more than half of the rise',
          holds: of('sigmoid').map((training) => outputShare(training) > 1 / 2),
          numbers: spread(of('sigmoid').map(outputShare)),
        },
        {
          text: 'sigmoid, depths 3 and 4: the contribution of layer 2 is negative',
          holds: deepSigmoid.map((training) => sign(training) < 0),
          numbers: `${spread(deepSigmoid.map((training) => sign(training) / budget(training).whole))} of the rise`,
        },
        {
          text: 'gelu, depths 2 and 3: the input layer contributes most',
          holds: of('gelu')
            .filter(({ at }) => Number(at.depth) < 4)
            .map((training) => largest(budget(training).layers) === 0),
          numbers: 'table',
        },
        {
          text: 'once 2 / η is reached the rate oscillates, and its median is negative',
          holds: edges.map((training) => atEdgeRate(training) < 0),
          numbers: `median rate ${spread(edges.map(atEdgeRate))}`,
        },
        {
          text: 'tanh and gelu: λ / max λ_l at the end grows with the depth',
          holds: deeper.map((values) => values.every((value, i) => i === 0 || value > values[i - 1])),
          numbers: 'of each seed, over depths 2, 3, 4; table',
        },
      ]),
    ].join('\n\n');
  },
};

export const kinks: Section = {
  name: 'kinks',
  sweeps: [{ sweep: 'kinks', runs: 3, figure: ['grid.dataset.examples=1000'] }],
  seeds: 'data and initial weights',
  write(results) {
    const all = groups(results);
    const error = (training: Training) => {
      const until = budget(training).until;
      const errors = within(measured(training, 'sharpening_error'), 1, until);
      return median(errors.map(({ iteration, value }) => value / Math.abs(valueAt(training, 'sharpening', iteration))));
    };
    const ratio = (training: Training) => budget(training).whole / budget(training).rise;
    const rows = all.map(({ at, trainings }) => [
      `${at.activation}, ${at['dataset.examples'] ?? at.examples}`,
      `${spread(trainings.map((training) => budget(training).from))}; ${spread(trainings.map((training) => budget(training).to))}`,
      spread(trainings.map(ratio)),
      spread(trainings.map(error)),
    ]);
    const of = (activation: string) => results.trainings.filter(({ at }) => at.activation === activation);
    return [
      table(
        [
          'activation, examples',
          'λ at the start; where the sum ends',
          'integral of the rates over the rise of λ',
          'stored error over the rate, median',
        ],
        rows,
      ),
      claims([
        ...['gelu', 'relu'].map((name) => ({
          text: `${name}: the integral of the rates is within 1 % of the rise of λ`,
          holds: of(name).map((training) => Math.abs(ratio(training) - 1) <= SMOOTH),
          numbers: spread(of(name).map(ratio)),
        })),
        {
          text: 'relu: the stored error falls with the number of examples (each seed)',
          holds: bySeed(results).map((trainings) => {
            const errors = trainings.filter(({ at }) => at.activation === 'relu').map(error);
            return errors.every((value, i) => i === 0 || value < errors[i - 1]);
          }),
          numbers: 'table',
        },
        {
          text: 'relu: the integral stays more than 1 % below the rise with 5000 examples, too',
          holds: of('relu')
            .filter((training) => examples(training) === MOST_EXAMPLES)
            .map((training) => ratio(training) < 1 - SMOOTH),
          numbers: spread(
            of('relu')
              .filter((training) => examples(training) === MOST_EXAMPLES)
              .map(ratio),
          ),
        },
      ]),
    ].join('\n\n');
  },
};
