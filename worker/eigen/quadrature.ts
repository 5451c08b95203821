import { BREAKDOWN } from './lanczos.ts';
import type { Asking } from './solver.ts';
import { tridiagonalEigen } from './tridiagonal.ts';
import { dot, norm, orthogonalize, scale } from './vectors.ts';

/** Nodes, ascending, and weights, which sum to 1: v'f(H)v is about the sum of weight f(node). */
export type Quadrature = { nodes: number[]; weights: number[]; products: number };

/**
 * Gauss quadrature of the spectral measure of H at v = start / |start| by Lanczos (Golub and Meurant 1994; Golub and Welsch 1969): the
 * nodes are the eigenvalues of the tridiagonal matrix of m steps, the weights the squared first elements of its eigenvectors. It is exact
 * for polynomials of a degree up to 2m - 1, so of two steps or more the first two moments are v'Hv and |Hv|^2. The mean over random v of
 * independent signs is the spectral density of H: stochastic Lanczos quadrature (Ubaru, Chen and Saad 2017).
 *
 * It is shorter where the space of the start vector is exhausted, and exact there. A product that is not finite has no quadrature: the
 * nodes and weights are then empty.
 *
 * @param start not 0
 * @param steps products, at most; no more are made than there are elements
 */
export function* quadrature(start: Float64Array, steps: number): Asking<Quadrature> {
  const basis: Float64Array[] = [];
  const alphas: number[] = [];
  const betas: number[] = [];
  const most = Math.min(steps, start.length);
  const vector = new Float32Array(start.length);
  let next: Float64Array = new Float64Array(start);
  scale(next, 1 / norm(next));
  let largest = 0;
  for (;;) {
    const q = next;
    basis.push(q);
    vector.set(q);
    next = new Float64Array(yield vector);
    const alpha = dot(q, next);
    alphas.push(alpha);
    const beta = orthogonalize(next, basis);
    if (!Number.isFinite(beta)) return { nodes: [], weights: [], products: basis.length };
    largest = Math.max(largest, Math.abs(alpha) + beta);
    if (basis.length === most || beta <= BREAKDOWN * largest) break;
    betas.push(beta);
    scale(next, 1 / beta);
  }
  const { values, vectors } = tridiagonalEigen(alphas, betas);
  return { nodes: values, weights: vectors.map(([first]) => first * first), products: basis.length };
}
