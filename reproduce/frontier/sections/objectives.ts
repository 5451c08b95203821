import { layersOf, measured, type Training } from '../../chapter-3/trajectories.ts';
import type { Section } from '../section.ts';
import { shown, spread, table, verdictOf } from '../statistics.ts';
import { firstAbove, groups, lastAbove, thresholdOf, valuesOf, within } from '../trainings.ts';
import { isComparable, isDifferent, median, ratioOf } from './shared.ts';

const optimizerOf = ({ at }: Training): string => String(at.optimizer ?? 'adam');
const boundedBy = (training: Training): string =>
  optimizerOf(training) === 'adam' ? 'preconditioned_sharpness' : 'sharpness';
const edge = (training: Training): number => thresholdOf(training, optimizerOf(training));

/** Large initial weights, and Adam's first preconditioners, are above the edge for another reason. */
const START = 100;

/** The first and the last measurement at or above the optimiser's edge after the start. */
function stay(training: Training): [from: number, to: number] | undefined {
  const points = within(measured(training, boundedBy(training)), START);
  const from = firstAbove(points, edge(training));
  return from === undefined ? undefined : [from, lastAbove(points, edge(training))!];
}

/** Median of a column over that time. */
function there(training: Training, name: string): number {
  const found = stay(training);
  return found === undefined ? Number.NaN : median(valuesOf(within(measured(training, name), ...found)));
}

/** The layers' λ at the edge: not their preconditioned sharpness, which the thesis does not have. */
const layers = (training: Training): number[] => layersOf(training).map((name) => there(training, name));
const sharpest = (training: Training): number => layers(training).indexOf(Math.max(...layers(training))) + 1;
const combination = (training: Training): string => `${training.at.loss}, ${optimizerOf(training)}`;

export const objectives: Section = {
  name: 'objectives',
  sweeps: [
    { sweep: 'objectives', runs: 3, figure: ['grid.activation=tanh', 'grid.initialScale=1'] },
    { sweep: 'objectives-adam', runs: 3, figure: ['grid.initialScale=1'] },
  ],
  seeds: 'initial weights',
  write(...results) {
    const all = results.flatMap(groups);
    const rows = all.map(({ at, trainings }) => [
      `${at.activation}, ${combination(trainings[0])}, ${at.initialScale}`,
      shown(edge(trainings[0])),
      spread(trainings.map((training) => stay(training)?.[0])),
      spread(trainings.map((training) => stay(training)?.[1])),
      spread(trainings.map((training) => there(training, boundedBy(training)) / edge(training))),
      layersOf(trainings[0])
        .map((_, layer) => shown(median(trainings.map((training) => layers(training)[layer]).filter(Number.isFinite))))
        .join(', '),
    ]);
    const trainings = results.flatMap((result) => result.trainings);
    const combinations = [...new Set(trainings.map(combination))];
    const reached = trainings.filter((training) => stay(training) !== undefined);
    const counted = (
      text: string,
      activations: readonly string[],
      among: readonly Training[],
      holds: (training: Training) => boolean,
    ) => [
      text,
      ...combinations.map((name) => {
        const ours = among.filter((t) => combination(t) === name && activations.includes(String(t.at.activation)));
        return ours.length === 0 ? '–' : `${verdictOf(ours.map(holds))} (${ours.length})`;
      }),
    ];
    const both = ['tanh', 'relu'];
    /** The same network and seed at scale 1. */
    const plain = (training: Training) =>
      trainings.find(
        ({ at, run }) =>
          run === training.run &&
          at.initialScale === 1 &&
          ['activation', 'loss', 'optimizer'].every((key) => at[key] === training.at[key]),
      )!;
    const scaled = reached.filter((training) => training.at.initialScale !== 1 && stay(plain(training)) !== undefined);
    const alike = (training: Training, layer: number) =>
      ratioOf([layers(training)[layer], layers(plain(training))[layer]]) <= 1.25;
    return [
      table(
        [
          'activation, loss, optimiser, scale',
          'edge',
          'first above',
          'last above',
          'of the edge there',
          'λ of layers 1, 2, 3 there',
        ],
        rows,
      ),
      table(
        ['claim', ...combinations],
        [
          counted(
            `the edge is reached after iteration ${START}`,
            both,
            trainings,
            (training) => stay(training) !== undefined,
          ),
          counted('... and kept to the end (last above in the last tenth)', both, reached, (training) => {
            return stay(training)![1] > 0.9 * training.series.rows;
          }),
          counted('tanh: all three layers are noticeably different', ['tanh'], reached, (t) => isDifferent(layers(t))),
          counted('tanh: the first layer has the largest λ', ['tanh'], reached, (training) => sharpest(training) === 1),
          counted('ReLU: the layers are comparable', ['relu'], reached, (training) => isComparable(layers(training))),
          counted('ReLU: the first layer has the largest λ', ['relu'], reached, (training) => sharpest(training) === 1),
          counted('scale 0.3 or 3: the first layer has the λ that it has with scale 1', both, scaled, (t) =>
            alike(t, 0),
          ),
          counted('... the second', both, scaled, (training) => alike(training, 1)),
          counted('... the third', both, scaled, (training) => alike(training, 2)),
        ],
      ),
    ].join('\n\n');
  },
};
