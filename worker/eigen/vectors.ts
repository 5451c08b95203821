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

/** Makes the vector orthogonal to all of an orthonormal basis: twice, as Parlett has it, since once leaves what rounding puts back. */
export function orthogonalize(vector: Float64Array, basis: readonly Float64Array[]): void {
  for (let pass = 0; pass < 2; pass++) {
    for (const earlier of basis) addMultiple(vector, -dot(earlier, vector), earlier);
  }
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
