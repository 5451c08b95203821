import type { Outcome, Task } from '../../shared/mod.ts';
import type { Gate } from '../control/mod.ts';
import type { Work } from '../work.ts';

/** A task that could not be computed, after all attempts. It is not in the journal, so the next `run` tries it again. */
export type Failure = { task: Task; error: { code: string; message: string } };

export type DispatchEvent = TaskEnd | Advance;

/** What became of a task. */
export type TaskEnd =
  /** with the file that belongs to it, where there is one */
  { type: 'outcome'; outcome: Outcome; file?: Uint8Array | undefined } | { type: 'failure'; failure: Failure };

/** How many iterations of a long task under way are done. */
export type Advance = { type: 'progress'; task: Task['id']; iterations: number };

/**
 * Yields what became of each task, in any order, each at least once. Tasks are drawn lazily, so memory does not grow with their number.
 */
export type Dispatcher = {
  /**
   * Ends when no work is left.
   * @param drain once aborted, no further task is started, and the iteration ends soon, without losing what was computed
   */
  dispatch(work: Work, drain: AbortSignal): AsyncIterable<DispatchEvent>;
  /** who computes, such as `2 threads` or `3 nodes, 12 threads` */
  readonly crew: string;
  /** for the user: what an interruption leads to, and how failed tasks are tried again */
  readonly onDrain: string;
  readonly onFailure: string;
  /** holds further tasks back; absent where nodes of a server take them */
  readonly gate?: Gate;
  /** Stops at once, whatever is under way; an iteration ends without events for the tasks that it leaves. */
  close(): Promise<void>;
};
