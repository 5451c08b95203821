import { expectedCost, type Task } from '../../shared/mod.ts';
import type { Expansion } from '../../shared/sweep/mod.ts';
import type { Progress } from '../directory/mod.ts';

/** What is left of one cell. `cost`: expected multiply-adds of one run. */
export type CellLoad = { index: number; pending: number; cost: number };

/** The cells with pending runs, the most expensive runs first, as a run starts them. */
export function loadsOf({ cells }: Expansion, progress: Progress): CellLoad[] {
  return cells
    .map((cell, index) => ({
      index,
      pending: progress.wanted(index) - progress.doneOfCell(index),
      cost: expectedCost(cell),
    }))
    .filter(({ pending }) => pending > 0)
    .sort((a, b) => b.cost - a.cost || a.index - b.index);
}

/** Multiply-adds expected for all pending runs. */
export const workLeft = (loads: readonly CellLoad[]): number =>
  loads.reduce((sum, { pending, cost }) => sum + pending * cost, 0);

/**
 * The loads that a timing visits, without end: each with a probability that is its share of the work, and so that the first few are spread
 * over all of it. The mean of what is measured per multiply-add is then that of the work.
 */
export function* visits(loads: readonly CellLoad[]): Generator<CellLoad, never> {
  let end = 0;
  const ends = loads.map(({ pending, cost }) => {
    end += pending * cost;
    return end;
  });
  // the fractional parts of the multiples of the golden ratio are spread evenly, however many there are
  const ratio = (Math.sqrt(5) - 1) / 2;
  for (let i = 0; ; i++) yield loads[firstAbove(ends, end * ((0.5 + i * ratio) % 1))];
}

/** The index of the first that is larger, of ascending numbers; the last where none is. */
function firstAbove(numbers: readonly number[], bound: number): number {
  let [low, high] = [0, numbers.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle] > bound) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Gives the pending tasks of a cell one by one, then undefined. */
export function pendingTasksOf(expansion: Expansion, progress: Progress): (cell: number) => Task | undefined {
  const pending = new Map<number, Iterator<number>>();
  return (cell) => {
    const runs = pending.get(cell) ?? progress.pendingRuns(cell);
    pending.set(cell, runs);
    const { done, value } = runs.next();
    return done === true ? undefined : expansion.task(cell, value);
  };
}
