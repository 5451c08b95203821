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
  /**
   * Takes back what is recorded of results that were signed with the key. Called while nothing is being recorded.
   * @returns the tasks that are left again
   */
  retract(key: string, reason: string): Promise<readonly Task[]>;
  /** the tasks left, from the start, each made when it is asked for */
  tasks(): Iterable<Task>;
};

/**
 * What is left of a sweep.
 * @param failed ids of the tasks that failed in this run
 * @param onRetracted told of tasks that are left again
 */
export function workOf(
  directory: SweepDirectory,
  failed: ReadonlySet<string> = new Set(),
  onRetracted: (tasks: readonly Task[]) => void = () => {},
): Work {
  const { expansion, progress, growth } = directory;
  const order = longestFirst(expansion.cells.map(expectedCost));
  return {
    get total() {
      return progress.total;
    },
    left: () => progress.total - progress.done - failed.size,
    includes: (task) => progress.includes(task),
    recorded: (ids) => directory.recorded(ids),
    async retract(key, reason) {
      const tasks = await directory.retract(({ provenance }) => (provenance.signed?.key === key ? reason : undefined));
      onRetracted(tasks);
      return tasks;
    },
    isSettled: (task) => failed.has(task.id) || directory.has(task),
    *tasks() {
      for (const task of pendingTasks(expansion, progress, growth?.widestFirst() ?? order))
        if (!failed.has(task.id)) yield task;
    },
  };
}

/** Cells by expected cost, the largest first, so that no thread works alone at the end; equal ones in the order of the sweep. */
function longestFirst(costs: readonly number[]): number[] {
  return costs.map((_, i) => i).sort((a, b) => costs[b] - costs[a] || a - b);
}
