import type { EngineName, SearchResult, SearchTask, Task } from '../../shared/mod.ts';
import { engineOf } from '../engines/mod.ts';
import { maximalStepSize } from './maximal-step-size.ts';
import type { Computed, Surroundings } from './surroundings.ts';
import { trajectory } from './trajectory/mod.ts';

export { ladder, problemOf } from './maximal-step-size.ts';
export type { Computed, Surroundings } from './surroundings.ts';
export { checkpointFiles, decodeCheckpoint, removeCheckpoints, startTraining } from './trajectory/mod.ts';

/** Computes a task; the result is a function of the task alone, the same bits on every engine. */
export async function runTask(
  task: SearchTask,
  engine: EngineName,
  around?: Surroundings,
): Promise<{ result: SearchResult }>;
export async function runTask(task: Task, engine: EngineName, around?: Surroundings): Promise<Computed>;
export async function runTask(task: Task, engine: EngineName, around: Surroundings = {}): Promise<Computed> {
  switch (task.experiment) {
    case 'maximal-step-size':
      return { result: maximalStepSize(task, engineOf(engine), around.folders ?? []) };
    case 'trajectory':
      return trajectory(task, engineOf(engine), around);
  }
}
