import { expectedCost, type Outcome, type Task } from '../shared/mod.ts';
import { pendingTasks, type SweepDirectory } from './directory/mod.ts';

/** What there is to do, as it changes while it is done. */
export type Work = {
  readonly total: number;
  /** tasks neither recorded nor failed */
  left(): number;
  /** Is it a task of the sweep? */
  includes(task: Task): boolean;
  /** Is the outcome of the task recorded, or has it failed? */
  isSettled(task: Task): boolean;
  /** The recorded outcomes of these tasks, as far as there are any. Reads what is recorded from its beginning. @param ids of tasks */
  recorded(ids: ReadonlySet<string>): Promise<Map<string, Outcome>>;
  /** the tasks left, from the start, each made when it is asked for */
  tasks(): Iterable<Task>;
};

/**
 * What is left of a sweep.
 * @param failed ids of the tasks that failed in this run
 * @param order of cells; default: those with the longest tasks first
 */
export function workOf(
  directory: SweepDirectory,
  failed: ReadonlySet<string> = new Set(),
  order = longestFirst(directory.expansion.cells.map(expectedCost)),
): Work {
  const { expansion, progress } = directory;
  return {
    get total() {
      return progress.total;
    },
    left: () => progress.total - progress.done - failed.size,
    includes: (task) => progress.includes(task),
    recorded: (ids) => directory.recorded(ids),
    isSettled: (task) => failed.has(task.id) || directory.has(task),
    *tasks() {
      for (const task of pendingTasks(expansion, progress, order)) if (!failed.has(task.id)) yield task;
    },
  };
}

/** Cells by expected cost, the largest first, so that no thread works alone at the end; equal ones in the order of the sweep. */
function longestFirst(costs: readonly number[]): number[] {
  return costs.map((_, i) => i).sort((a, b) => costs[b] - costs[a] || a - b);
}
