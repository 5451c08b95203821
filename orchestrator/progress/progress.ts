import { counted, iterationsOf, type Outcome, type Task } from '../../shared/mod.ts';
import type { Progress } from '../api/types.ts';
import type { Failure } from '../dispatch/mod.ts';

/** The crew of a pool of threads. */
export const crewOf = (threads: number): string => counted(threads, 'thread');

/** Tells of long work on standard error, or as JSON events on standard output. */
export type Reporter = {
  start(progress: Progress): void;
  update(progress: Progress): void;
  /** a line that is not progress: a failed task, an interruption */
  note(text: string): void;
  /** an outcome that is on the disk */
  outcome?(outcome: Outcome): void;
  /** a task that failed, which was noted */
  failure?(failure: Failure): void;
  finish(progress: Progress): void;
};

/**
 * Measures the rate and the time left. Time goes by expected cost, since tasks of one sweep differ by orders of magnitude.
 * @param now milliseconds of a monotonic clock
 */
export class Meter {
  readonly #started: number;
  readonly #now: () => number;
  #total: number;
  readonly #doneBefore: number;
  #costToDo: number;
  readonly #iterations: { done: number; total: number } | undefined;
  /** iterations of tasks under way */
  readonly #underWay = new Map<Task['id'], number>();
  #iterationsNow = 0;
  #done = 0;
  #failed = 0;
  #cost = 0;

  /** @param iterations of the whole sweep, and of the tasks that are done; of sweeps whose tasks are long */
  constructor(
    total: number,
    doneBefore: number,
    costToDo: number,
    now: () => number,
    iterations?: { done: number; total: number },
  ) {
    this.#total = total;
    this.#doneBefore = doneBefore;
    this.#costToDo = costToDo;
    this.#now = now;
    this.#iterations = iterations;
    this.#started = now();
  }

  /** So many tasks of this cost in all have been added. */
  extend(tasks: number, cost: number): void {
    this.#total += tasks;
    this.#costToDo += cost;
  }

  /** So many iterations of a task under way are done. */
  advance(task: Task['id'], iterations: number): void {
    this.#underWay.set(task, iterations);
  }

  count(kind: 'done' | 'failed', cost: number, task: Task): void {
    this.#underWay.delete(task.id);
    this.#iterationsNow += iterationsOf(task.cell);
    if (kind === 'done') this.#done += 1;
    else this.#failed += 1;
    this.#cost += cost;
  }

  /** A task that was done is to be done again. */
  takeBack(cost: number, task: Task): void {
    this.#iterationsNow -= iterationsOf(task.cell);
    this.#done -= 1;
    this.#cost -= cost;
  }

  standing(crew: string): Progress {
    const seconds = (this.#now() - this.#started) / 1000;
    const iterations = this.#iterationsDone();
    // of one long task its iterations tell how far it is, of many short ones their number
    const share = iterations === undefined ? this.#cost / this.#costToDo : iterations.share;
    return {
      done: this.#doneBefore + this.#done,
      failed: this.#failed,
      total: this.#total,
      seconds,
      rate: seconds > 0 ? Math.max(0, this.#done) / seconds : 0,
      left: share > 0 ? seconds * Math.max(0, 1 / share - 1) : null,
      ...(iterations !== undefined && { iterations: { done: iterations.done, total: iterations.total } }),
      crew,
    };
  }

  #iterationsDone(): { done: number; total: number; share: number } | undefined {
    if (this.#iterations === undefined) return undefined;
    const { done, total } = this.#iterations;
    const now = this.#iterationsNow + [...this.#underWay.values()].reduce((sum, count) => sum + count, 0);
    return { done: done + now, total, share: total > done ? now / (total - done) : 0 };
  }
}
