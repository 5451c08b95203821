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

/** Boxes across the map, at least: fewer are too few to count. */
const FEWEST = BASE / 2;

/**
 * Box-counting dimension of the boundary between trainings that converge and all others: the slope of log N(s) against log 1/s, by least
 * squares, N(s) the boxes of s x s points with a point whose right or upper neighbour is on the other side. s doubles from 1 point to a
 * sixteenth of the map.
 * @returns null where the map is incomplete, too coarse, or has no boundary
 */
export function boxDimension({ points, classes }: Field): number | null {
  if (classes.includes(CLASSES.missing)) return null;
  const converged = (i: number) => classes[i] === CLASSES.converged;
  let level = classes.map((_, i) => {
    const differs = (j: number) => converged(j) !== converged(i);
    const atRight = i % points < points - 1 && differs(i + 1);
    return atRight || (i + points < classes.length && differs(i + points)) ? 1 : 0;
  });
  const counts: { x: number; y: number }[] = [];
  for (let across = points; across >= FEWEST; across /= 2) {
    const holding = level.reduce((sum, holds) => sum + holds, 0);
    if (holding === 0) return null;
    counts.push({ x: Math.log(across), y: Math.log(holding) });
    level = coarser(level, across);
  }
  if (counts.length < 3) return null;
  const mean = (of: 'x' | 'y') => counts.reduce((sum, one) => sum + one[of], 0) / counts.length;
  const [x0, y0] = [mean('x'), mean('y')];
  const sum = (f: (one: { x: number; y: number }) => number) => counts.reduce((total, one) => total + f(one), 0);
  return sum(({ x, y }) => (x - x0) * (y - y0)) / sum(({ x }) => (x - x0) ** 2);
}

/** Boxes twice as large, of which each holds what one of its four holds. */
function coarser(level: Uint8Array, across: number): Uint8Array<ArrayBuffer> {
  const half = across / 2;
  return new Uint8Array(half * half).map((_, i) => {
    const corner = 2 * across * Math.floor(i / half) + 2 * (i % half);
    return level[corner] | level[corner + 1] | level[corner + across] | level[corner + across + 1];
  });
}
