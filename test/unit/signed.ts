import type { Outcome, SearchTask } from '../../shared/mod.ts';
import { quickTasks } from '../conformance/tasks.ts';
import { searchResult } from '../support/mod.ts';

/** Tasks with their cell, as of a sweep. */
export const tasks: SearchTask[] = quickTasks(3);

/** An outcome that is possible for the task. */
export function outcomeOf(task: SearchTask, rung = 2): Outcome {
  const provenance = { engine: 'simd', host: 'here', seconds: 0.5, version: '0.1.0', node: 'v20', attempts: 1 };
  return { task, result: searchResult(task.cell.search, rung), provenance };
}
