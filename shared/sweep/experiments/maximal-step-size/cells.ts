import type { Dataset } from '../../../dataset.ts';
import { describeCell, type NetworkCell, type SearchCell } from '../../../experiments/mod.ts';
import type { Model } from '../../../models.ts';
import type { SearchOptimizer } from '../../../optimizer.ts';
import type { Parametrization } from '../../../parametrization.ts';
import { GRAPH, type Loss, ROW_SPACE, type SweepEngine } from '../../../vocabulary.ts';
import type { Problem } from '../../problems.ts';
import type { Point } from '../kind.ts';

/** Parts that cells of trainings have besides those of every network. */
type Training = Pick<SearchCell, 'data' | 'model' | 'graph' | 'loss' | 'optimizer' | 'parametrization' | 'layers'>;

/** The data of all cells of a sweep. Where the files are is no part of a task. */
export function dataOf({ draw, reduce }: { draw: SearchCell['data']['draw']; reduce?: unknown }): SearchCell['data'] {
  return reduce === undefined ? { draw } : { draw, reduce: ROW_SPACE };
}

/** What the cells of all experiments with single trainings have in common. */
export function networkAt(point: Point, dataset: Dataset): NetworkCell {
  const { activation, depth, width, batchSize, initialization } = point as NetworkCell;
  return { activation, depth, width, dataset, batchSize, initialization };
}

/** The model of a point. TensorFlow.js has no part in the arithmetic of graphs. */
export function modelAt({ model = 'mlp' }: Point, engine: SweepEngine): Pick<SearchCell, 'model' | 'graph'> {
  if (model === 'mlp') return {};
  return { model: model as Exclude<Model, 'mlp'>, ...(engine !== 'tfjs' && { graph: GRAPH }) };
}

/**
 * Writes the model, loss, optimiser and parametrisation of a point where they are not the usual ones: a task keeps the id that it had before
 * there were others.
 * @param layers of all cells of the sweep
 */
export function trainingAt(point: Point, engine: SweepEngine, layers?: SearchCell['layers']): Omit<Training, 'data'> {
  const { loss, optimizer, parametrization } = point as {
    loss: Loss;
    optimizer: SearchOptimizer;
    parametrization: Parametrization;
  };
  return {
    ...modelAt(point, engine),
    ...(loss === 'cross-entropy' && { loss }),
    ...(optimizer !== undefined && optimizer.kind !== 'sgd' && { optimizer }),
    ...(parametrization !== undefined && parametrization !== 'standard' && { parametrization }),
    ...(layers !== undefined && Object.keys(layers).length > 0 && { layers }),
  };
}

/** One problem for all cells whose batch is larger than their data. */
export function batchProblems(cells: readonly NetworkCell[], written: unknown): Problem[] {
  const tooLarge = (cell: NetworkCell) => cell.batchSize !== 'full' && cell.batchSize > cell.dataset.examples;
  const index = cells.findIndex(tooLarge);
  if (index < 0) return [];
  const cell = cells[index];
  const { batchSize, dataset } = cell;
  return [
    {
      path: ['grid', 'batchSize', ...(Array.isArray(written) ? [written.indexOf(batchSize)] : [])],
      message: `the batch is larger than the data in ${nameOf(cells, index, tooLarge)}`,
      expected: `a batch size of at most ${dataset.examples}, or full`,
      got: String(batchSize),
      fix: `lower it, tie \`dataset.examples\` and \`batchSize\` with \`zip\`, or exclude: [{batchSize: ${batchSize}, dataset: {examples: ${dataset.examples}}}]`,
    },
  ];
}

/** One problem for all cells that have no fewer examples than inputs. */
export function reductionProblems(cells: readonly (NetworkCell & Pick<Training, 'data'>)[]): Problem[] {
  const isTall = ({ data, dataset }: (typeof cells)[number]) =>
    data.reduce !== undefined && dataset.examples >= dataset.dimensions;
  const index = cells.findIndex(isTall);
  if (index < 0) return [];
  const { examples, dimensions } = cells[index].dataset;
  return [
    {
      path: ['data', 'reduce'],
      message: `nothing to reduce in ${nameOf(cells, index, isTall)}`,
      expected: `fewer examples than inputs, ${dimensions}`,
      got: `${examples} examples`,
      fix: 'remove `data.reduce`, or exclude these cells and put them into a separate sweep',
    },
  ];
}

/** `cell 3 and 2 more (activation tanh, depth 3)` */
function nameOf<C extends NetworkCell>(cells: readonly C[], index: number, is: (cell: C) => boolean): string {
  const others = cells.filter(is).length - 1;
  return `cell ${index}${others > 0 ? ` and ${others} more` : ''} (${describeCell(cells[index] as never)})`;
}
