import { type Block, LANES } from '../objective.ts';

const f = Math.fround;

/** z[e][j] = b[j] + sum over i ascending of h[e][i] w[j][i] */
export function affine(block: Block, w: Float32Array, h: Float32Array, examples: number): Float32Array {
  const { offset, inputs, outputs } = block;
  const biases = w.subarray(offset + outputs * inputs, offset + block.length);
  const z = new Float32Array(examples * outputs);
  for (let e = 0; e < examples; e++) z.set(biases, e * outputs);
  addProducts(block, w, h, z, examples);
  return z;
}

/** z[e][j] += sum over i ascending of h[e][i] w[j][i] */
export function addProducts(
  { offset, inputs, outputs }: Block,
  w: Float32Array,
  h: Float32Array,
  z: Float32Array,
  examples: number,
): void {
  for (let e = 0; e < examples; e++) {
    for (let j = 0; j < outputs; j++) {
      let sum = z[e * outputs + j];
      for (let i = 0; i < inputs; i++) sum = f(sum + f(h[e * inputs + i] * w[offset + j * inputs + i]));
      z[e * outputs + j] = sum;
    }
  }
}

/** d[e][i] = sum over j ascending of w[j][i] delta[e][j], from 0 or, where it is given, from `start` */
export function transposed(
  { offset, inputs, outputs }: Block,
  w: Float32Array,
  delta: Float32Array,
  examples: number,
  start?: Float32Array,
): Float32Array {
  const d = start ?? new Float32Array(examples * inputs);
  for (let e = 0; e < examples; e++) {
    for (let i = 0; i < inputs; i++) {
      let sum = d[e * inputs + i];
      for (let j = 0; j < outputs; j++) sum = f(sum + f(w[offset + j * inputs + i] * delta[e * outputs + j]));
      d[e * inputs + i] = sum;
    }
  }
  return d;
}

/**
 * g[j][i] = sum over e of delta[e][j] h[e][i], of each pair in turn for each e; the gradient of b[j] = sum over e of the first pair's
 * delta[e][j].
 */
export function addOuter(
  { inputs, outputs }: Block,
  pairs: readonly (readonly [delta: Float32Array, h: Float32Array])[],
  g: Float32Array,
  examples: number,
): void {
  const sums = new Float32Array(LANES);
  for (let j = 0; j < outputs; j++) {
    for (let i = 0; i < inputs; i++) {
      sums.fill(0);
      for (let e = 0; e < examples; e++) {
        for (const [delta, h] of pairs) {
          sums[e % LANES] = f(sums[e % LANES] + f(delta[e * outputs + j] * h[e * inputs + i]));
        }
      }
      g[j * inputs + i] = total(sums);
    }
    sums.fill(0);
    for (let e = 0; e < examples; e++) sums[e % LANES] = f(sums[e % LANES] + pairs[0][0][e * outputs + j]);
    g[outputs * inputs + j] = total(sums);
  }
}

/** Of partial sums: (S0 + S1) + (S2 + S3). */
export function total(sums: Float32Array): number {
  return f(f(sums[0] + sums[1]) + f(sums[2] + sums[3]));
}
