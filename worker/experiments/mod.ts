import type { EngineName, Result, Task } from '../../shared/mod.ts';
import { type Engine, engineOf } from '../engines/mod.ts';
import { maximalStepSize } from './maximal-step-size.ts';

export { ladder, problemOf } from './maximal-step-size.ts';

type Experiment = (task: Task, engine: Engine, folders: readonly string[]) => Result;

const EXPERIMENTS: Record<Task['experiment'], Experiment> = {
  'maximal-step-size': maximalStepSize,
};

/**
 * Computes a task; the result is a function of the task alone, the same bits on every engine.
 * @param folders data directories: where the files are that a task names by their digest
 */
export function runTask(task: Task, engine: EngineName, folders: readonly string[] = []): Result {
  return EXPERIMENTS[task.experiment](task, engineOf(engine), folders);
}
