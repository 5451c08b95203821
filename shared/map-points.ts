/**
 * Where the points of a map lie. A map of p x p points, p a power of two times BASE, has levels: level 0 is the coarse map of BASE x BASE
 * points, and each further level doubles the points along both axes and has those that are new. So a finer map has all points of the coarser
 * one, in the same blocks, and continues it.
 */

/** points along an axis of level 0 */
export const BASE = 32;
/** Points of a task: one block. Every level is a whole number of blocks. */
export const BLOCK_POINTS = BASE * BASE;
/** the most along an axis */
export const MAX_POINTS = 4096;

/** A point of a map: column and row, from 0, among `points` along each axis. */
export type Place = { column: number; row: number; points: number };

export const blocksOf = (points: number): number => (points / BASE) ** 2;

/** The points of a block, in the order of their numbers. */
export function placesOf(block: number): Place[] {
  return Array.from({ length: BLOCK_POINTS }, (_, i) => placeOf(block * BLOCK_POINTS + i));
}

/** Within a level, in pairs of rows: of the even row the odd columns alone are new, of the odd row all. */
function placeOf(k: number): Place {
  if (k < BLOCK_POINTS) return { column: k % BASE, row: Math.floor(k / BASE), points: BASE };
  let points = BASE;
  while (k >= points * points) points *= 2;
  const ofPair = (3 * points) / 2;
  const first = (points / 2) ** 2;
  const pair = Math.floor((k - first) / ofPair);
  const rest = (k - first) % ofPair;
  if (rest < points / 2) return { column: 2 * rest + 1, row: 2 * pair, points };
  return { column: rest - points / 2, row: 2 * pair + 1, points };
}

export type Interval = { from: number; to: number; scale: 'linear' | 'log' };

/**
 * The value at index i of n, a power of two, from `from` (i = 0) up to but without `to`. A logarithmic axis is halved by square roots, so
 * that every operation is one that IEEE 754 rounds the same everywhere, which powers are not.
 */
export function valueAtIndex({ from, to, scale }: Interval, i: number, n: number): number {
  if (scale === 'linear') return from + (to - from) * (i / n);
  let [low, high] = [from, to];
  for (let half = n / 2; half >= 1; half /= 2) {
    const middle = Math.sqrt(low) * Math.sqrt(high);
    if (Math.floor(i / half) % 2 === 1) low = middle;
    else high = middle;
  }
  return low;
}
