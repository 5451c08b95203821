import { type EngineName, type SearchResult, type SearchTask, type Task, TFJS_NUMERICS } from '../../shared/mod.ts';
import { loadEngine } from '../engines/mod.ts';
import { maximalStepSize } from './maximal-step-size.ts';
import type { Computed, Surroundings } from './surroundings.ts';
import { trajectory } from './trajectory/mod.ts';

export { type Comparison, crosscheck, type EnginePair } from './crosscheck.ts';
export { ladder, problemOf } from './maximal-step-size.ts';
export type { Computed, Surroundings } from './surroundings.ts';
export { checkpointFiles, decodeCheckpoint, removeCheckpoints, startTraining } from './trajectory/mod.ts';

/**
 * Computes a task; the result is a function of the task alone, the same bits on every engine. A task of TensorFlow.js's arithmetic is
 * computed by it, whatever engine is named.
 */
export async function runTask(
  task: SearchTask,
  engine: EngineName,
  around?: Surroundings,
): Promise<{ result: SearchResult; engine: string }>;
export async function runTask(task: Task, engine: EngineName, around?: Surroundings): Promise<Computed>;
export async function runTask(task: Task, engine: EngineName, around: Surroundings = {}): Promise<Computed> {
  const loaded = await loadEngine(task.numerics === TFJS_NUMERICS ? 'tfjs' : engine);
  switch (task.experiment) {
    case 'maximal-step-size':
      return { result: maximalStepSize(task, loaded, around.folders ?? []), engine: loaded.label };
    case 'trajectory':
      return { ...(await trajectory(task, loaded, around)), engine: loaded.label };
  }
}
