const WINDOW_MS = 30_000;

/** Outcomes per second over the last half minute, from counts at moments. */
export class Rate {
  readonly #samples: { at: number; done: number }[] = [];

  /** @param at milliseconds, ascending */
  add(at: number, done: number): void {
    this.#samples.push({ at, done });
    // one before the window is kept, so that the window is covered
    while (this.#samples.length > 2 && this.#samples[1].at <= at - WINDOW_MS) this.#samples.shift();
  }

  forget(): void {
    this.#samples.length = 0;
  }

  /** null before a second has passed */
  perSecond(): number | null {
    const first = this.#samples.at(0);
    const last = this.#samples.at(-1);
    if (first === undefined || last === undefined || last.at - first.at < 1000) return null;
    return ((last.done - first.done) * 1000) / (last.at - first.at);
  }
}
