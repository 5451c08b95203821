import { MOST_AT_ONCE } from '../../shared/protocol/mod.ts';

/** How much work a slot takes at once, in seconds. A task that lies on a node behind others is one that another node could have begun. */
const AHEAD_SECONDS = 0.05;
/** Tasks that take less, in seconds, are computed sooner than their result is looked for. */
const SHORTER_THAN_LOOKING = 0.0005;
/** So many tasks of a sweep are looked at; until then it has them one by one. */
const LOOKED_AT = 16;

/**
 * How many tasks of a sweep a slot takes at once: one, unless the last ones were so short that the way to the server and back
 * would take most of the time. Judged by the longest of the last ones, since cells of one sweep may differ by orders of magnitude.
 */
export class Pace {
  readonly #seconds = new Map<string, number[]>();

  tasksAtOnce(sweep: string): number {
    return Math.max(1, Math.min(MOST_AT_ONCE, Math.floor(AHEAD_SECONDS / this.#longest(sweep))));
  }

  /** Is it worth looking whether the result of a task is there before the task is computed? If it is, publishing finds it as well. */
  isWorthLooking(sweep: string): boolean {
    return this.#longest(sweep) >= SHORTER_THAN_LOOKING;
  }

  /** @param seconds in the thread */
  took(sweep: string, seconds: number): void {
    const last = this.#seconds.get(sweep) ?? [];
    this.#seconds.set(sweep, [...last, seconds].slice(-LOOKED_AT));
  }

  /** One by one again: a task of this sweep may end the node, and take with it what is taken at once. */
  slowDown(sweep: string): void {
    this.#seconds.delete(sweep);
  }

  #longest(sweep: string): number {
    const last = this.#seconds.get(sweep) ?? [];
    return last.length < LOOKED_AT ? Number.POSITIVE_INFINITY : Math.max(...last);
  }
}
