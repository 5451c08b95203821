/** Where a run stands. */
export type Standing = {
  /** tasks done, those of earlier runs included */
  done: number;
  failed: number;
  total: number;
  /** since the start of this run */
  seconds: number;
  /** tasks a second, over this run */
  rate: number;
  /** expected seconds to the end; null before the first outcome */
  left: number | null;
  /** who computes, such as `2 threads` */
  crew: string;
};

/** The crew of a pool of threads. */
export const crewOf = (threads: number): string => (threads === 1 ? '1 thread' : `${threads} threads`);

/** Tells of long work on standard error, or as JSON events on standard output. */
export type Reporter = {
  start(standing: Standing): void;
  update(standing: Standing): void;
  /** a line that is not progress: a failed task, an interruption */
  note(text: string): void;
  finish(standing: Standing): void;
};

/**
 * Measures the rate and the time left. Time goes by expected cost, since tasks of one sweep differ by orders of magnitude.
 * @param now milliseconds of a monotonic clock
 */
export class Meter {
  readonly #started: number;
  readonly #now: () => number;
  readonly #total: number;
  readonly #doneBefore: number;
  readonly #costToDo: number;
  #done = 0;
  #failed = 0;
  #cost = 0;

  constructor(total: number, doneBefore: number, costToDo: number, now: () => number) {
    this.#total = total;
    this.#doneBefore = doneBefore;
    this.#costToDo = costToDo;
    this.#now = now;
    this.#started = now();
  }

  count(kind: 'done' | 'failed', cost: number): void {
    if (kind === 'done') this.#done += 1;
    else this.#failed += 1;
    this.#cost += cost;
  }

  standing(crew: string): Standing {
    const seconds = (this.#now() - this.#started) / 1000;
    return {
      done: this.#doneBefore + this.#done,
      failed: this.#failed,
      total: this.#total,
      seconds,
      rate: seconds > 0 ? this.#done / seconds : 0,
      left: this.#cost > 0 ? (seconds * Math.max(0, this.#costToDo - this.#cost)) / this.#cost : null,
      crew,
    };
  }
}
