import { BASE, placesOf, type Series } from '../../../shared/mod.ts';

/** What became of a training. Points that are missing have no class. */
export const CLASSES = { missing: 0, converged: 1, diverged: 2, neither: 3 } as const;

/**
 * A map as a square of points x points values, row by row from the lowest y. `shade` is the mean of loss / first loss of a training
 * that did not diverge, and the iteration of the divergence of one that did.
 */
export type Field = { points: number; classes: Uint8Array; shade: Float64Array };

/**
 * Puts blocks together. A point of a coarse level stands for its whole square, until a finer level has points there.
 * @param blocks series by the number of the block
 */
export function fieldOf(blocks: ReadonlyMap<number, Series>, points: number): Field {
  const classes = new Uint8Array(points * points);
  const shade = new Float64Array(points * points);
  for (const [block, { columns }] of [...blocks].sort(([a], [b]) => a - b)) {
    const [divergence, last, mean] = ['divergence', 'last_ratio', 'mean_ratio'].map((name) => columns.get(name)!);
    for (const [i, place] of placesOf(block).entries()) {
      const diverged = !Number.isNaN(divergence[i]);
      const kind = diverged ? CLASSES.diverged : last[i] < 1 ? CLASSES.converged : CLASSES.neither;
      const size = points / place.points;
      for (let row = size * place.row; row < size * (place.row + 1); row++) {
        const start = points * row + size * place.column;
        classes.fill(kind, start, start + size);
        shade.fill(diverged ? divergence[i] : mean[i], start, start + size);
      }
    }
  }
  return { points, classes, shade };
}

/** Sizes of boxes below which the count sees single points, and above which there are too few boxes to count. */
const [SMALLEST, FEWEST] = [2, BASE / 2];

/**
 * Box-counting dimension of the boundary between trainings that converge and all others: the slope of log N(s) against log 1/s, by least
 * squares, N(s) the boxes of s x s points that hold both. s doubles from 2 to a sixteenth of the map.
 * @returns null where the map is incomplete, too coarse, or has no boundary
 */
export function boxDimension({ points, classes }: Field): number | null {
  if (classes.includes(CLASSES.missing)) return null;
  // of each box: bit 0 where one training converged, bit 1 where one did not
  let level = classes.map((kind) => (kind === CLASSES.converged ? 1 : 2));
  const counts: { x: number; y: number }[] = [];
  for (let across = points / 2; across >= FEWEST; across /= 2) {
    const finer = level;
    level = new Uint8Array(across * across).map((_, i) => {
      const corner = 2 * (2 * across) * Math.floor(i / across) + 2 * (i % across);
      return finer[corner] | finer[corner + 1] | finer[corner + 2 * across] | finer[corner + 2 * across + 1];
    });
    const both = level.reduce((sum, bits) => sum + (bits === 3 ? 1 : 0), 0);
    if (both === 0) return null;
    if (points / across >= SMALLEST) counts.push({ x: Math.log(across), y: Math.log(both) });
  }
  if (counts.length < 2) return null;
  const mean = (of: 'x' | 'y') => counts.reduce((sum, one) => sum + one[of], 0) / counts.length;
  const [x0, y0] = [mean('x'), mean('y')];
  const sum = (f: (one: { x: number; y: number }) => number) => counts.reduce((total, one) => total + f(one), 0);
  return sum(({ x, y }) => (x - x0) * (y - y0)) / sum(({ x }) => (x - x0) ** 2);
}
