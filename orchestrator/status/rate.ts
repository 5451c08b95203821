import { expectedCost, type Outcome } from '../../shared/mod.ts';

/** The last outcomes of a run that tell how fast it is now. */
const RECENT = 100;

/** How fast a run is: tasks per second, and seconds to its end. */
export type Pace = { rate: number; secondsLeft: number };

/**
 * Measures the pace of a run by its outcomes, which have no time of their own: how many threads compute follows from the time that all of
 * them took together, and how fast each of these is from the last ones.
 */
export class PaceMeter {
  #count = 0;
  #seconds = 0;
  readonly #recent: { seconds: number; cost: number }[] = [];

  /** The next outcome of the run, in the order in which they were recorded. */
  add({ task, provenance: { seconds } }: Outcome): void {
    this.#recent[this.#count % RECENT] = { seconds, cost: expectedCost(task.cell) };
    this.#count += 1;
    this.#seconds += seconds;
  }

  /**
   * @param elapsed seconds since the start of the run
   * @param costLeft expected multiply-adds of what is pending
   * @returns undefined before the first outcome
   */
  pace(elapsed: number, costLeft: number): Pace | undefined {
    const sum = (of: (one: { seconds: number; cost: number }) => number) =>
      this.#recent.reduce((total, one) => total + of(one), 0);
    const seconds = sum((one) => one.seconds);
    if (seconds <= 0 || elapsed <= 0) return undefined;
    const busy = this.#seconds / elapsed;
    return {
      rate: (busy * this.#recent.length) / seconds,
      secondsLeft: (costLeft * seconds) / (busy * sum((one) => one.cost)),
    };
  }
}
