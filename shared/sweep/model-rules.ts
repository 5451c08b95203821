import { isImageDataset, isTokenDataset, vocabularyOf } from '../dataset.ts';
import { type Cell, describeCell, type NetworkCell } from '../experiments/mod.ts';
import { type Model, type ModelFacts, modelFacts } from '../models.ts';
import type { Loss, SweepEngine } from '../vocabulary.ts';
import type { Problem } from './problems.ts';

/** What may not go together in a cell. */
export type Rule<C> = {
  key: string;
  /** whether a cell breaks it */
  broken(cell: C, engine: SweepEngine): boolean;
  message: string;
  expected: string | ((cell: C) => string);
  got(cell: C, engine: SweepEngine): string;
  fix: string | ((cell: C) => string);
};

/** Cells whose network may be of another model. */
type Modelled = NetworkCell & { model?: Model | undefined; loss?: Loss | undefined };

const factsOf = ({ model }: Modelled): ModelFacts => modelFacts(model);
const kindOf = ({ dataset }: Modelled): string => `dataset ${dataset.kind}`;

/** Are the targets one-hot, for each row that the model has a softmax of? */
const hasOneClass = (cell: Modelled): boolean =>
  isImageDataset(cell.dataset) ||
  cell.dataset.kind === 'modular-addition' ||
  (cell.dataset.kind === 'sorting' && factsOf(cell).data === 'tokens');

/** What models, losses, data and engines may go together. */
export const MODEL_RULES: readonly Rule<Modelled>[] = [
  {
    key: 'model',
    broken: (cell, engine) => engine === 'tfjs' && !factsOf(cell).tfjs,
    message: 'TensorFlow.js does not have this model',
    expected: 'engine auto, native, simd or reference',
    got: (_, engine) => `engine ${engine}`,
    fix: 'write `engine: auto`, or --engine auto',
  },
  {
    key: 'model',
    broken: (cell) => factsOf(cell).data === 'images' && !isImageDataset(cell.dataset),
    message: 'a convolutional network needs images',
    expected: 'a data set of images',
    got: kindOf,
    fix: 'use mnist, fashion-mnist or cifar10',
  },
  {
    key: 'model',
    broken: (cell) => factsOf(cell).data === 'tokens' && !isTokenDataset(cell.dataset),
    message: 'a transformer needs sequences of tokens',
    expected: 'a data set of tokens',
    got: kindOf,
    fix: 'use sorting or modular-addition',
  },
  {
    key: 'width',
    broken: (cell) => cell.width % (factsOf(cell).heads ?? 1) !== 0,
    message: 'the heads of the attention share the width',
    expected: (cell) => `a multiple of ${factsOf(cell).heads}`,
    got: ({ width }) => `width ${width}`,
    fix: 'use another width',
  },
  {
    key: 'dataset',
    broken: ({ dataset }) => dataset.kind === 'modular-addition' && dataset.examples > dataset.vocabulary ** 2,
    message: 'there are not so many pairs of numbers',
    expected: ({ dataset }) => `at most ${(vocabularyOf(dataset) ?? 0) ** 2} examples`,
    got: ({ dataset }) => `${dataset.examples} examples`,
    fix: 'lower `examples`, or raise `vocabulary`',
  },
  {
    key: 'depth',
    broken: (cell) => (factsOf(cell).depth ?? cell.depth) !== cell.depth,
    message: 'the number of layers of this model is fixed',
    expected: (cell) => `depth ${factsOf(cell).depth} for model ${cell.model}`,
    got: ({ depth }) => `depth ${depth}`,
    fix: (cell) => `write \`depth: ${factsOf(cell).depth}\`, or put the models into separate sweeps`,
  },
  {
    key: 'loss',
    broken: (cell) => cell.loss === 'cross-entropy' && !hasOneClass(cell),
    message: 'cross-entropy needs classes',
    expected: 'images, modular-addition, or sorting with a transformer: their targets are one-hot',
    got: kindOf,
    fix: 'use one of these, or the loss mse',
  },
];

/** One problem for each rule that cells break. */
export function brokenRules<C extends object>(
  rules: readonly Rule<C>[],
  cells: readonly C[],
  engine: SweepEngine,
): Problem[] {
  return rules.flatMap(({ key, broken, message, expected, got, fix }) => {
    const breaking = cells.filter((cell) => broken(cell, engine));
    if (breaking.length === 0) return [];
    const [first] = breaking;
    const others = breaking.length - 1;
    const where = `cell ${cells.indexOf(first)}${others > 0 ? ` and ${others} more` : ''} (${describeCell(first as unknown as Cell)})`;
    const of = (text: string | ((cell: C) => string)) => (typeof text === 'string' ? text : text(first));
    return {
      path: key === 'layers' ? [key] : ['grid', key],
      message: `${message}: ${where}`,
      expected: of(expected),
      got: got(first, engine),
      fix: of(fix),
    };
  });
}
