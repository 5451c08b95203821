import {
  BATCH_COLUMNS,
  type BatchSettings,
  batchSizeOf,
  columnOf,
  type Scope,
  scopesOf,
} from '../../../../shared/mod.ts';
import { batchSampler } from '../../../engines/mod.ts';
import { type BatchMeans, BatchMeter } from '../batches.ts';
import type { Parts, StartGauge } from '../point.ts';

/** Of batches drawn for this purpose, whatever those of the training are. */
export const batches: StartGauge = (parts, settings: BatchSettings) => {
  const { measure } = batchGauge(parts, settings);
  const share = batchSizeOf(parts.cell, settings) / parts.problem.examples.count;
  return ({ w, iteration }) => {
    const { means, products } = measure(w, iteration);
    const columns = [...means].flatMap(([block, ofBlock]) =>
      (['ofRatios', 'ofMeans', 'largest'] as const).flatMap((kind) => {
        const mean = ofBlock[kind];
        if (mean === undefined) return [];
        const { value, error } = BATCH_COLUMNS[kind];
        return [
          [columnOf(value, block), mean.value],
          [columnOf(error, block), mean.error],
        ];
      }),
    );
    return { columns: Object.fromEntries(columns), products: Math.round(products * share) };
  };
};

/** What is measured at a point, and the rows of its batches. */
export function batchGauge({ cell, seed, run, engine, problem }: Parts, settings: BatchSettings) {
  const blocks = scopesOf(cell.depth, cell.trajectory.layers);
  const draw = batchSampler(problem.examples.count, batchSizeOf(cell, settings), { seed, run });
  const { tolerance, maxProducts } = cell.trajectory.solver;
  const { count, eigenvalues = 0 } = settings;
  const options = { count, eigenvalues, tolerance, maxProducts };
  const meter = new BatchMeter(engine.batchObjective(problem), draw, { seed, run }, options);
  return {
    measure(w: Float32Array, iteration: number): { means: Map<Scope, BatchMeans>; products: number } {
      const { means, products } = meter.measure(w, blocks, iteration);
      return { means: new Map(blocks.map((block, i) => [block, means[i]])), products };
    },
    rowsAt: (iteration: number): Int32Array[] => Array.from({ length: count }, (_, k) => draw(iteration, k)),
  };
}
