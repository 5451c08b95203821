import { type LanczosOptions, lanczos } from './lanczos.ts';
import type { EigenPair, Ritz, Solution, Solving } from './solver.ts';
import { symmetricEigen } from './symmetric.ts';
import { addMultiple, combination, dots, norm, orthogonalize, scale, withShare } from './vectors.ts';

export type DavidsonOptions = Pick<LanczosOptions, 'tolerance' | 'maxProducts' | 'keep'>;

/** Ritz pairs that the next search is given. */
export const KEPT = 4;
/** Of the random vector in the second start vector: what neither start vector has would never be found. */
const FRESH_SHARE = 0.1;
/** Fewer products say little of an eigenvalue that has overtaken, however small the residual. */
const LEAST_PRODUCTS = 5;
/** A kept value is taken for at least this far from the one sought, relative. */
const CLOSEST = 0.02;
/** More basis vectors are left to Lanczos, which takes no dense eigenproblem of them. */
const LONGEST = 20;
/** A vector that loses all but this share of itself to a basis is only its rounding. */
const LOST = 1e-6;

/**
 * The largest eigenvalue of a matrix that has changed a little since Ritz pairs of it were found, by Davidson's method (Davidson 1975):
 * Rayleigh-Ritz in a space that grows by (M - theta)^-1 r, r the residual H u - theta u, where M = V diag(values) V' is what is known of the
 * matrix from the last time. Where several eigenvalues are close, Lanczos takes many products to tell them apart; M tells them apart beforehand.
 *
 * It starts from the two largest pairs, so that the second is seen when it overtakes, and a part of a random vector in the second. Stops once the
 * residual is within the tolerance, which is computed from products and not estimated. float64, on products that are float32.
 *
 * @param known of the last time, two pairs or more
 * @param random of norm 1
 * @param fresh a random vector, where the space is exhausted
 */
export function* davidson(
  known: Ritz,
  random: Float64Array,
  fresh: (part: number) => Float64Array,
  { tolerance, maxProducts, keep = KEPT }: DavidsonOptions,
): Solving {
  const size = random.length;
  const [first, second] = known.vectors;
  const waiting: Float64Array[] = [withShare(second, FRESH_SHARE, random), new Float64Array(first)];
  const asked = new Float32Array(size);
  const basis: Float64Array[] = [];
  const products: Float64Array[] = [];
  /** basis' H basis, upper half */
  const projected: number[][] = [];
  const most = Math.min(size, maxProducts);
  for (;;) {
    basis.push(orthonormal(waiting.pop()!, basis) ?? orthonormal(fresh(basis.length), basis)!);
    const last = basis[basis.length - 1];
    asked.set(last);
    const product = new Float64Array(yield asked);
    products.push(product);
    projected.push(Array(basis.length - 1).fill(0));
    const along = dots(basis, product);
    for (let i = 0; i < along.length; i++) projected[i].push(along[i]);
    if (waiting.length > 0 && basis.length < most) continue;

    const { values, vectors } = symmetricEigen(projected);
    const rest = residualOf(basis, products, vectors[0], values[0]);
    const residual = norm(rest);
    const pair: EigenPair = { value: values[0], residual, converged: residual <= tolerance * Math.abs(values[0]) };
    const m = basis.length;
    const done = pair.converged && m >= LEAST_PRODUCTS;
    // a product that is not finite has no eigenvalues
    if (done || m >= most || !Number.isFinite(residual)) {
      const kept = vectors.slice(0, keep).map((weights) => combination(basis, weights));
      const ritz = { values: values.slice(0, keep), vectors: kept };
      return { largest: [pair], smallest: [], products: m, vector: kept[0], ritz } satisfies Solution;
    }
    if (m >= LONGEST) {
      const options = { count: 1, bothEnds: false, tolerance, maxProducts: maxProducts - m, keep };
      const solution = yield* lanczos(combination(basis, vectors[0]), fresh, options);
      return { ...solution, products: m + solution.products };
    }
    waiting.push(corrected(rest, values[0], known));
  }
}

/** H u - theta u, u the combination of the basis. */
function residualOf(
  basis: readonly Float64Array[],
  products: readonly Float64Array[],
  weights: Float64Array,
  theta: number,
): Float64Array {
  const rest = new Float64Array(basis[0].length);
  const m = basis.length;
  let i = 0;
  // two at a time: each sum is loaded and stored half as often
  for (; i + 2 <= m; i += 2) {
    const first = weights[i];
    const a = basis[i];
    const p = products[i];
    const second = weights[i + 1];
    const b = basis[i + 1];
    const q = products[i + 1];
    for (let k = 0; k < rest.length; k++) {
      rest[k] = rest[k] + first * (p[k] - theta * a[k]) + second * (q[k] - theta * b[k]);
    }
  }
  if (i < m) {
    const weight = weights[i];
    const vector = basis[i];
    const product = products[i];
    for (let k = 0; k < rest.length; k++) rest[k] += weight * (product[k] - theta * vector[k]);
  }
  return rest;
}

/** (theta - M)^-1 r, times theta. */
function corrected(residual: Float64Array, theta: number, { values, vectors }: Ritz): Float64Array {
  const direction = new Float64Array(residual);
  const along = dots(vectors, residual);
  for (let k = 0; k < along.length; k++) {
    const distance = Math.max(Math.abs(theta - values[k]), CLOSEST * Math.abs(theta));
    addMultiple(direction, along[k] * (Math.abs(theta) / distance - 1), vectors[k]);
  }
  return direction;
}

/** Orthogonal to the basis and of norm 1; undefined where nothing but rounding is left of it. */
function orthonormal(vector: Float64Array, basis: readonly Float64Array[]): Float64Array | undefined {
  const before = norm(vector);
  const after = orthogonalize(vector, basis);
  if (!(after > LOST * before)) return undefined;
  scale(vector, 1 / after);
  return vector;
}
