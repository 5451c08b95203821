import { describeCell, type SearchCell } from '../../../experiments/mod.ts';
import { optimizerFacts } from '../../../optimizer.ts';
import type { SweepEngine } from '../../../vocabulary.ts';
import type { Problem } from '../../problems.ts';

/** What the rules look at; cells of every experiment that trains networks to see whether they diverge have it. */
type TrainingCell = Omit<SearchCell, 'search'>;

/** Two convolutions and a linear layer. */
const CNN_DEPTH = 3;

type Rule = {
  key: 'model' | 'loss' | 'optimizer' | 'depth' | 'parametrization' | 'layers';
  /** whether a cell breaks it */
  broken(cell: TrainingCell, engine: SweepEngine): boolean;
  message: string;
  expected: string;
  got(cell: TrainingCell, engine: SweepEngine): string;
  fix: string;
};

const onImages = ({ dataset }: TrainingCell): boolean => dataset.kind !== 'synthetic';
const engineOf = (_: TrainingCell, engine: SweepEngine): string => `engine ${engine}`;

/** What models, losses, optimisers, data and engines may go together. */
const RULES: Rule[] = [
  {
    key: 'model',
    broken: ({ model }, engine) => model === 'cnn' && engine !== 'tfjs',
    message: 'this engine does not support convolutional networks',
    expected: 'engine tfjs',
    got: engineOf,
    fix: 'write `engine: tfjs`, or --engine tfjs',
  },
  {
    key: 'optimizer',
    broken: ({ optimizer }, engine) =>
      optimizer !== undefined && optimizerFacts(optimizer).search !== 'exact' && engine !== 'tfjs',
    message: 'this engine does not support the optimiser',
    expected: 'engine tfjs',
    got: engineOf,
    fix: 'write `engine: tfjs`, or --engine tfjs',
  },
  {
    key: 'model',
    broken: (cell) => cell.model === 'cnn' && !onImages(cell),
    message: 'a convolutional network needs images',
    expected: 'a data set of images',
    got: ({ dataset }) => `dataset ${dataset.kind}`,
    fix: 'use mnist, fashion-mnist or cifar10',
  },
  {
    key: 'parametrization',
    broken: ({ parametrization, model }, engine) =>
      parametrization !== undefined && (engine === 'tfjs' || model === 'cnn'),
    message: 'only multilayer perceptrons on the engines of exact arithmetic have other parametrisations',
    expected: 'parametrization standard',
    got: ({ parametrization }) => `parametrization ${parametrization}`,
    fix: 'omit `parametrization`, or use model mlp and engine auto',
  },
  {
    key: 'parametrization',
    broken: ({ parametrization, depth }) => parametrization !== undefined && depth < 2,
    message: 'a network without a hidden layer has no width to scale with',
    expected: 'depth 2 or more',
    got: ({ depth }) => `depth ${depth}`,
    fix: 'raise `depth`, or omit `parametrization`',
  },
  {
    key: 'layers',
    broken: ({ layers, model }, engine) => layers !== undefined && (engine === 'tfjs' || model === 'cnn'),
    message: 'only multilayer perceptrons on the engines of exact arithmetic have multipliers of layers',
    expected: 'no `layers`',
    got: () => '`layers`',
    fix: 'remove `layers`, or use model mlp and engine auto',
  },
  {
    key: 'layers',
    broken: ({ layers = {}, depth }) =>
      [layers.stepSizes, layers.initialScales].some((values) => values !== undefined && values.length !== depth),
    message: 'the lists of `layers` have another length than the network',
    expected: 'one multiplier for each layer: as many as `depth`',
    got: ({ layers = {}, depth }) =>
      `${[layers.stepSizes, layers.initialScales].find((values) => values !== undefined && values.length !== depth)?.length} for depth ${depth}`,
    fix: 'write one number per layer, and networks of different depth into separate sweeps',
  },
  {
    key: 'depth',
    broken: ({ model, depth }) => model === 'cnn' && depth !== CNN_DEPTH,
    message: 'the convolutional network has three layers',
    expected: `depth ${CNN_DEPTH}: two convolutions and a linear layer`,
    got: ({ depth }) => `depth ${depth}`,
    fix: 'omit `depth`, or put the networks into separate sweeps',
  },
  {
    key: 'loss',
    broken: (cell) => cell.loss === 'cross-entropy' && !onImages(cell),
    message: 'cross-entropy needs classes',
    expected: 'a data set of images, whose targets are one-hot',
    got: ({ dataset }) => `dataset ${dataset.kind}`,
    fix: 'use mnist, fashion-mnist or cifar10, or the loss mse',
  },
  {
    key: 'model',
    broken: ({ model, data }) => model === 'cnn' && data.reduce !== undefined,
    message: 'a convolutional network cannot be trained in the row space of its inputs',
    expected: 'no `data.reduce`',
    got: () => 'row-space',
    fix: 'remove `data.reduce`',
  },
  {
    key: 'optimizer',
    broken: ({ optimizer, data }) =>
      optimizer !== undefined && !optimizerFacts(optimizer).linear && data.reduce !== undefined,
    message: 'the steps of this optimiser do not stay in the row space of the inputs',
    expected: 'no `data.reduce`',
    got: () => 'row-space',
    fix: 'remove `data.reduce`',
  },
];

/** One problem for each rule that cells break. */
export function modelProblems(cells: readonly TrainingCell[], engine: SweepEngine): Problem[] {
  return RULES.flatMap(({ key, broken, message, expected, got, fix }) => {
    const breaking = cells.filter((cell) => broken(cell, engine));
    if (breaking.length === 0) return [];
    const [first] = breaking;
    const others = breaking.length - 1;
    const where = `cell ${cells.indexOf(first)}${others > 0 ? ` and ${others} more` : ''} (${describeCell(first as SearchCell)})`;
    return {
      path: key === 'layers' ? [key] : ['grid', key],
      message: `${message}: ${where}`,
      expected,
      got: got(first, engine),
      fix,
    };
  });
}
