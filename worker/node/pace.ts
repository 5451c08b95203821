import { MOST_AT_ONCE } from '../../shared/protocol/mod.ts';

/** How much work a slot takes at once, in seconds. A task that lies on a node behind others is one that another node could have begun. */
const AT_ONCE_SECONDS = 0.05;
/** Tasks that take less, in seconds, are computed sooner than their result is looked for. */
const SHORTER_THAN_LOOKING = 0.0005;
/** No clock tells less, in seconds. */
const SHORTEST = 1e-6;
/** So many tasks of a sweep are looked at. */
const LOOKED_AT = 16;
/** Before a task begins it is requested, and its result is looked for. */
const TRIPS_BEFORE = 2;
/** After it its result is stored; and one more, for what varies. */
const TRIPS_ALTOGETHER = 4;
/** Tasks that last longer than so many times the trips before them gain too little from being requested ahead. */
const LONG = 20;
/**
 * How long a request waits at the server, in milliseconds: until a slot looks for another sweep, or notices that it is to end. The client
 * accepts no less; it gives a request up when nothing was heard for as long, and what comes later is lost.
 */
const PULL_MS = 1000;
const PULL_TRIPS = 10;
const MOST_PULL_MS = 5000;
/** Tasks of one slot between request and stored result. */
const MOST_OF_A_SLOT = 256;

/** What a slot has. */
export type Load = {
  /** tasks that are not computed, those included that were requested and have not come */
  tasks: number;
  /** of work that is left in them, as expected */
  seconds: number;
  /** these tasks, and those whose results are not stored yet */
  unfinished: number;
};

/** Of the last tasks of a sweep. */
type Known = { seconds: readonly number[]; mean: number; longest: number };
const NONE: Known = { seconds: [], mean: Number.POSITIVE_INFINITY, longest: Number.POSITIVE_INFINITY };

/**
 * How many tasks of a sweep a slot requests, and when. One when it has none; more where the way to the server and back would take most of
 * the time:
 *
 * - of tasks shorter than half of `AT_ONCE_SECONDS`, some at once. Judged by the longest of the last ones, since cells of one sweep may
 *   differ by orders of magnitude;
 * - where the server is far away, as many as keep the thread busy until the next ones are here: they are requested when the work that is
 *   left, by the mean of the last ones, is done by then. So a task waits behind another for a trip or two, however long the tasks are.
 */
export class Pace {
  readonly #known = new Map<string, Known>();
  #trips: readonly number[] = [];

  /** Tasks to request now; 0: none until the slot has less. */
  toRequest(sweep: string, { tasks, seconds, unfinished }: Load): number {
    const { mean } = this.#of(sweep);
    const [atOnce, ahead] = [this.#atOnce(sweep), this.#ahead(sweep)];
    if (atOnce === 1 && ahead === 0) return unfinished === 0 ? 1 : 0;
    if (tasks > 0 && seconds > this.enough(sweep)) return 0;
    const wanted = Math.max(1, Math.min(MOST_AT_ONCE, Math.floor((this.#work(sweep) - seconds) / mean)));
    const most = Math.min(MOST_OF_A_SLOT, Math.max(2, atOnce) + Math.ceil((TRIPS_ALTOGETHER * this.#trip) / mean));
    const trusted = Math.min(wanted, this.#trusted(sweep));
    const count = Math.min(wanted, most - unfinished, this.#trusted(sweep) - tasks);
    // a request costs time as well
    return tasks > 0 && 2 * count < trusted ? 0 : Math.max(0, count);
  }

  /** A slot with tasks requests no more of the sweep while they are more work, in seconds. */
  enough(sweep: string): number {
    return this.#ahead(sweep) + (this.#work(sweep) - this.#ahead(sweep)) / 2;
  }

  /** Seconds that a task of the sweep is expected to take; infinite while nothing is known. */
  expected(sweep: string): number {
    return this.#of(sweep).mean;
  }

  /** Is it worth looking whether the result of a task is there before the task is computed? If it is, publishing finds it as well. */
  isWorthLooking(sweep: string): boolean {
    return this.#longestOfMany(sweep) >= SHORTER_THAN_LOOKING;
  }

  /** @param seconds in the thread */
  took(sweep: string, seconds: number): void {
    const last = [...this.#of(sweep).seconds, Math.max(seconds, SHORTEST)].slice(-LOOKED_AT);
    const mean = last.reduce((sum, each) => sum + each, 0) / last.length;
    this.#known.set(sweep, { seconds: last, mean, longest: Math.max(...last) });
  }

  /** @param seconds from a request to the answer of the server */
  answered(seconds: number): void {
    this.#trips = [...this.#trips, seconds].slice(-LOOKED_AT);
  }

  /** One by one again, until this is forgotten: a task of this sweep may end the node, and take with it what is taken at once. */
  slowDown(sweep: string): void {
    this.#known.delete(sweep);
    this.took(sweep, Number.POSITIVE_INFINITY);
  }

  /** How long a request waits at the server, in milliseconds: far away, a lost packet takes the place of several heartbeats. */
  get pull(): number {
    return Math.min(MOST_PULL_MS, PULL_MS + Math.ceil(1000 * PULL_TRIPS * this.#trip));
  }

  #of(sweep: string): Known {
    return this.#known.get(sweep) ?? NONE;
  }

  /** Seconds to the server and back: the shortest of the last trips, since a server that is busy is no farther away. */
  get #trip(): number {
    return this.#trips.length === 0 ? 0 : Math.min(...this.#trips);
  }

  #longestOfMany(sweep: string): number {
    const { seconds, longest } = this.#of(sweep);
    return seconds.length < LOOKED_AT ? Number.POSITIVE_INFINITY : longest;
  }

  /** Tasks that are short enough to be taken together. */
  #atOnce(sweep: string): number {
    return Math.max(1, Math.min(MOST_AT_ONCE, Math.floor(AT_ONCE_SECONDS / this.#longestOfMany(sweep))));
  }

  /** Seconds of work for the time that the next tasks are on their way; 0 if tasks are long. */
  #ahead(sweep: string): number {
    const seconds = TRIPS_BEFORE * this.#trip;
    return LONG * seconds < this.#of(sweep).mean ? 0 : seconds;
  }

  /** Seconds of work that a slot has after a request. */
  #work(sweep: string): number {
    const [atOnce, ahead] = [this.#atOnce(sweep), this.#ahead(sweep)];
    return ahead + Math.max(atOnce === 1 ? 0 : atOnce * this.#of(sweep).mean, ahead / 4);
  }

  /** So many tasks at a time, as long as few are known: the next ones may take far longer. */
  #trusted(sweep: string): number {
    const { length } = this.#of(sweep).seconds;
    return length < LOOKED_AT ? Math.max(1, length) : MOST_OF_A_SLOT;
  }
}
