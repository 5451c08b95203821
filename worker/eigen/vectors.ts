import { normalQuantile, Stream, type StreamName } from '../../shared/random/mod.ts';

/** x'y, float64, ascending. */
export function dot(x: ArrayLike<number>, y: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i] * y[i];
  return sum;
}

export const norm = (x: ArrayLike<number>): number => Math.sqrt(dot(x, x));

/** y += factor x */
export function addMultiple(y: Float64Array, factor: number, x: ArrayLike<number>): void {
  for (let i = 0; i < y.length; i++) y[i] += factor * x[i];
}

export function scale(x: Float64Array, factor: number): void {
  for (let i = 0; i < x.length; i++) x[i] *= factor;
}

/** The `dot` of y with each vector. Several sums at a time: one alone waits for each of its additions. */
export function dots(vectors: readonly Float64Array[], y: Float64Array): number[] {
  const sums: number[] = [];
  let k = 0;
  for (; k + 4 <= vectors.length; k += 4) fourDots(vectors[k], vectors[k + 1], vectors[k + 2], vectors[k + 3], y, sums);
  for (; k < vectors.length; k++) sums.push(dot(vectors[k], y));
  return sums;
}

function fourDots(
  a: Float64Array,
  b: Float64Array,
  c: Float64Array,
  d: Float64Array,
  y: Float64Array,
  sums: number[],
): void {
  let first = 0;
  let second = 0;
  let third = 0;
  let fourth = 0;
  for (let i = 0; i < y.length; i++) {
    const value = y[i];
    first += a[i] * value;
    second += b[i] * value;
    third += c[i] * value;
    fourth += d[i] * value;
  }
  sums.push(first, second, third, fourth);
}

/** The sum of weights[i] vectors[i], i ascending. */
export function combination(vectors: readonly Float64Array[], weights: ArrayLike<number>): Float64Array {
  const sum = new Float64Array(vectors[0].length);
  let k = 0;
  for (; k + 2 <= vectors.length; k += 2) {
    addTwoMultiples(sum, weights[k], vectors[k], weights[k + 1], vectors[k + 1]);
  }
  for (; k < vectors.length; k++) addMultiple(sum, weights[k], vectors[k]);
  return sum;
}

/** y += first x + second z, one after the other */
function addTwoMultiples(y: Float64Array, first: number, x: Float64Array, second: number, z: Float64Array): void {
  for (let i = 0; i < y.length; i++) y[i] = y[i] + first * x[i] + second * z[i];
}

/**
 * Makes the vector orthogonal to all of an orthonormal basis: twice, as Parlett has it, since once leaves what rounding puts back. Each
 * multiple is subtracted on the way to the next `dot`.
 *
 * @returns its norm
 */
export function orthogonalize(vector: Float64Array, basis: readonly Float64Array[]): number {
  if (basis.length === 0) return norm(vector);
  let last = basis[0];
  let factor = -dot(last, vector);
  for (let k = 1; k < 2 * basis.length; k++) {
    const next = basis[k % basis.length];
    factor = -subtracted(vector, factor, last, next);
    last = next;
  }
  return Math.sqrt(subtracted(vector, factor, last, vector));
}

/** y += factor x; returns z'y, where z may be y. */
function subtracted(y: Float64Array, factor: number, x: Float64Array, z: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < y.length; i++) {
    const value = y[i] + factor * x[i];
    y[i] = value;
    sum += z[i] * value;
  }
  return sum;
}

export function allFinite(x: Float64Array): boolean {
  // what is not finite stays so in a sum, and finite values come to a finite one with factors of 0
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += 0 * x[i];
  return sum === 0;
}

/** y + share x */
export function withShare(y: ArrayLike<number>, share: number, x: Float64Array): Float64Array {
  const sum = new Float64Array(x.length);
  for (let i = 0; i < sum.length; i++) sum[i] = y[i] + share * x[i];
  return sum;
}

/** A standard normal vector: the same for the same seed, run, rung and part. */
export function normalVector(size: number, name: Omit<StreamName, 'purpose'>): Float64Array {
  const stream = new Stream({ ...name, purpose: 'startVector' });
  return Float64Array.from({ length: size }, () => normalQuantile(stream.uniform()));
}

/** A vector of signs, each 1 or -1 with probability 1/2: the same for the same seed, run, rung and part. */
export function signVector(size: number, name: Omit<StreamName, 'purpose'>): Float64Array {
  const stream = new Stream({ ...name, purpose: 'probe' });
  return Float64Array.from({ length: size }, () => (stream.uniform() < 0.5 ? -1 : 1));
}
