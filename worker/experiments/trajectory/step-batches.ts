import { isFullBatch } from '../../../shared/mod.ts';
import { type BatchObjective, batchesOf } from '../../engines/mod.ts';
import type { Parts } from './point.ts';

/** The batches that the steps of a training take, each in turn. */
export type StepBatches = {
  objective: BatchObjective;
  /** Rows of the data; good until the next call. @param iteration from 1 */
  rowsAt(iteration: number): Int32Array;
};

/** In the order that a search has them, of its first rung. @returns undefined where each step takes all examples */
export function stepBatches({ cell, seed, run, engine, problem }: Parts): StepBatches | undefined {
  const { count } = problem.examples;
  const { batchSize } = cell;
  if (batchSize === 'full' || isFullBatch(cell)) return undefined;
  const batchAt = batchesOf(count, batchSize, { seed, run, rung: 0 });
  return { objective: engine.batchObjective(problem), rowsAt: (iteration) => batchAt(iteration - 1) };
}
