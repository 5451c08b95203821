import type { Outcome, Task } from '../../shared/mod.ts';

/** A task that could not be computed, after all attempts. It is not in the journal, so the next `run` tries it again. */
export type Failure = { task: Task; error: { code: string; message: string } };

export type DispatchEvent = { type: 'outcome'; outcome: Outcome } | { type: 'failure'; failure: Failure };

/**
 * Given tasks, yields what became of each, in any order, each at least once. Tasks are drawn lazily, no more than fit in
 * the free slots, so memory does not grow with their number.
 */
export type Dispatcher = {
  /**
   * @param drain once aborted, no further task is started; those under way are finished and yielded, then the iteration ends
   */
  dispatch(tasks: Iterable<Task>, drain: AbortSignal): AsyncIterable<DispatchEvent>;
  /** Stops at once, whatever is under way. */
  close(): Promise<void>;
};
