import type { SearchResult } from '../../../../shared/mod.ts';
import type { Histogram } from '../../../statistics.ts';

/** How many runs ended at one step size, and what each says about the maximal step size it looks for. */
export type Tally = { exact: number; atMost: number; atLeast: number };

/**
 * The step sizes of one table entry. Memory goes with the rungs of the ladder, not with the runs: runs that ended on
 * the same rung share a bin. Whatever order the outcomes came in, the histogram read out is the same, and so is every
 * statistic computed from it.
 */
export class Sample {
  readonly #tallies = new Map<number, Tally>();

  add(result: Pick<SearchResult, 'stepSize' | 'rung' | 'end'>): void {
    let tally = this.#tallies.get(result.stepSize);
    if (tally === undefined) {
      tally = { exact: 0, atMost: 0, atLeast: 0 };
      this.#tallies.set(result.stepSize, tally);
    }
    tally[sideOf(result)] += 1;
  }

  get n(): number {
    return this.#count((tally) => tally.exact + tally.atMost + tally.atLeast);
  }

  /** Runs that diverged on the first rung: the maximal step size is this or smaller. */
  get atMost(): number {
    return this.#count((tally) => tally.atMost);
  }

  /** Runs that reached the ceiling without diverging: the maximal step size is this or larger. */
  get atLeast(): number {
    return this.#count((tally) => tally.atLeast);
  }

  /** By step size, ascending. */
  tallies(): (Tally & { value: number })[] {
    return [...this.#tallies].map(([value, tally]) => ({ value, ...tally })).sort((a, b) => a.value - b.value);
  }

  histogram(): Histogram {
    return sorted([...this.#tallies].map(([value, { exact, atMost, atLeast }]) => [value, exact + atMost + atLeast]));
  }

  /** The smallest values the runs allow: what is only known to be at most something is put at minus infinity. */
  lowest(): Histogram {
    const known: Histogram = [...this.#tallies].map(([value, { exact, atLeast }]) => [value, exact + atLeast]);
    return sorted([[-Infinity, this.atMost], ...known]);
  }

  /** The largest values the runs allow: what is only known to be at least something is put at infinity. */
  highest(): Histogram {
    const known: Histogram = [...this.#tallies].map(([value, { exact, atMost }]) => [value, exact + atMost]);
    return sorted([...known, [Infinity, this.atLeast]]);
  }

  #count(of: (tally: Tally) => number): number {
    let total = 0;
    for (const tally of this.#tallies.values()) total += of(tally);
    return total;
  }
}

function sideOf({ rung, end }: Pick<SearchResult, 'rung' | 'end'>): keyof Tally {
  if (end === 'ceiling') return 'atLeast';
  return rung === 0 ? 'atMost' : 'exact';
}

function sorted(bins: Histogram): Histogram {
  return bins.filter(([, count]) => count > 0).sort(([a], [b]) => a - b);
}
