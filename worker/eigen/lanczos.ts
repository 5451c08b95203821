import type { EigenPair, Solution, Solving } from './solver.ts';
import { tridiagonalEigen } from './tridiagonal.ts';
import { combination, dot, norm, orthogonalize, scale } from './vectors.ts';

export type LanczosOptions = {
  /** how many eigenvalues, from the largest (algebraic) down */
  count: number;
  /** also as many from the smallest up */
  bothEnds: boolean;
  /** a value is converged when its residual norm is at most this times its magnitude */
  tolerance: number;
  maxProducts: number;
  /** Ritz pairs that are returned, from the largest down; default: none */
  keep?: number;
};

/** A next vector below this, relative to the largest Ritz value, is only rounding of the float32 products. */
export const BREAKDOWN = 1e-6;

/**
 * Lanczos with full reorthogonalisation (Golub and Van Loan, section 10.1; twice, as Parlett has it) in float64, on products that are
 * float32. Stops once every value asked for has a residual |H u - theta u| = beta_m |s_m| within the tolerance, s_m the last element of
 * its eigenvector of the tridiagonal matrix.
 *
 * @param start not 0; best near the eigenvector sought, but with a part of everything in it: what is orthogonal to it is not found
 * @param fresh a random vector, where the space of the start vector is exhausted
 */
export function* lanczos(
  start: Float64Array,
  fresh: (part: number) => Float64Array,
  { count, bothEnds, tolerance, maxProducts, keep = 0 }: LanczosOptions,
): Solving {
  const size = start.length;
  const wanted = Math.min(size, count);
  const basis: Float64Array[] = [];
  const alphas: number[] = [];
  const betas: number[] = [];
  const vector = new Float32Array(size);
  let next: Float64Array = new Float64Array(start);
  scale(next, 1 / norm(next));
  for (;;) {
    const q = next;
    basis.push(q);
    vector.set(q);
    next = new Float64Array(yield vector);
    alphas.push(dot(q, next));
    const beta = orthogonalize(next, basis);
    const m = basis.length;
    const { values, vectors } = tridiagonalEigen(alphas, betas, m - 1);
    const pairAt = (k: number): EigenPair => {
      const residual = beta * Math.abs(vectors[k][0]);
      return { value: values[k], residual, converged: residual <= tolerance * Math.abs(values[k]) };
    };
    const ends = (): { largest: EigenPair[]; smallest: EigenPair[] } => ({
      largest: Array.from({ length: Math.min(wanted, m) }, (_, k) => pairAt(m - 1 - k)),
      smallest: bothEnds ? Array.from({ length: Math.min(wanted, m) }, (_, k) => pairAt(k)) : [],
    });
    const found = ends();
    const all = [...found.largest, ...found.smallest];
    const done = m >= wanted && all.every(({ converged }) => converged);
    // a product that is not finite has no eigenvalues
    if (done || m >= Math.min(size, maxProducts) || !Number.isFinite(beta)) {
      const all = tridiagonalEigen(alphas, betas).vectors.toReversed();
      const solution = { ...found, products: m, vector: combination(basis, all[0]) } satisfies Solution;
      if (keep === 0) return solution;
      const vectors = all.slice(0, keep).map((weights) => combination(basis, weights));
      return { ...solution, ritz: { values: values.toReversed().slice(0, keep), vectors } };
    }
    if (beta <= BREAKDOWN * Math.max(Math.abs(values[0]), Math.abs(values[m - 1]))) {
      next = fresh(m);
      scale(next, 1 / orthogonalize(next, basis));
      betas.push(0);
    } else {
      betas.push(beta);
      scale(next, 1 / beta);
    }
  }
}
