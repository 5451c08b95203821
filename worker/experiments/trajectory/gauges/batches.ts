import { BATCH_COLUMNS, type BatchSettings, batchSizeOf, columnOf, scopesOf } from '../../../../shared/mod.ts';
import { batchSampler } from '../../../engines/mod.ts';
import { BatchMeter } from '../batches.ts';
import type { StartGauge } from '../point.ts';

/** Of batches drawn for this purpose, whatever those of the training are. */
export const batches: StartGauge = ({ cell, seed, run, engine, problem }, settings: BatchSettings) => {
  const blocks = scopesOf(cell.depth, cell.trajectory.layers);
  const all = problem.examples.count;
  const size = batchSizeOf(cell, settings);
  const { tolerance, maxProducts } = cell.trajectory.solver;
  const { count, eigenvalues = 0 } = settings;
  const meter = new BatchMeter(
    engine.batchObjective(problem),
    batchSampler(all, size, { seed, run }),
    { seed, run },
    { count, eigenvalues, tolerance, maxProducts },
  );
  return ({ w, iteration }) => {
    const { means, products } = meter.measure(w, blocks, iteration);
    const columns = means.flatMap((ofBlock, i) =>
      (['ofRatios', 'ofMeans', 'largest'] as const).flatMap((kind) => {
        const mean = ofBlock[kind];
        if (mean === undefined) return [];
        const { value, error } = BATCH_COLUMNS[kind];
        return [
          [columnOf(value, blocks[i]), mean.value],
          [columnOf(error, blocks[i]), mean.error],
        ];
      }),
    );
    return { columns: Object.fromEntries(columns), products: Math.round((products * size) / all) };
  };
};
