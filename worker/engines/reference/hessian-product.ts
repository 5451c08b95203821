import type { Block, Direction } from '../objective.ts';
import { addOuter, addProducts, affine, transposed } from './layer-sums.ts';

const f = Math.fround;

/**
 * What `evaluate` leaves for the products, [example][unit] of each layer. Index 0 is the input: it has h only.
 * s = f'(z); d = dL/dh; delta = dL/dz = d s; q = d f''(z). In the last layer h = z, there is no s, and q is what the loss keeps.
 */
export type State = { h: Float32Array; s: Float32Array; q: Float32Array; delta: Float32Array };

/**
 * R{.} is the derivative along the direction V, of the weights, and v, of the biases (0 in the layers that are held constant):
 *
 *     R{z_l} = v_l + V_l h_{l-1} + W_l R{h_{l-1}}        R{h_l} = s_l R{z_l}
 *     R{delta_L} = (d2L / dz_L2) R{z_L}                  R{d_l} = V_{l+1}' delta_{l+1} + W_{l+1}' R{delta_{l+1}}
 *     R{delta_l} = s_l R{d_l} + q_l R{z_l}               R{g_l} = R{delta_l} h_{l-1}' + delta_l R{h_{l-1}}'
 *
 * The Gauss-Newton matrix J' (d2L / dz_L2) J takes the network as linear in its parameters: without q, V' delta and delta R{h}'.
 *
 * Sums run in the order written, on top of one another. What is 0 because the layers below are held constant is not computed, nor are
 * the products of layers that were not asked for.
 */
export function multiplyOne(
  blocks: readonly Block[],
  w: Float32Array,
  states: readonly State[],
  examples: number,
  rLoss: (rz: Float32Array) => Float32Array,
  { layer, vector, product, matrix }: Direction,
): void {
  const gaussNewton = matrix === 'gauss-newton';
  const lowest = layer === 'all' ? 0 : layer;
  const highest = layer === 'all' ? blocks.length - 1 : layer;
  /** of the direction in layer l, at offset 0 */
  const part = (l: number, all: Float32Array) =>
    layer === 'all' ? all.subarray(blocks[l].offset, blocks[l].offset + blocks[l].length) : all;
  const free = (l: number) => l >= lowest && l <= highest;
  const last = blocks.length - 1;
  /** by layer, from 0 */
  const rz: Float32Array[] = [];
  const rh: Float32Array[] = [];
  for (let l = lowest; l <= last; l++) {
    const { outputs } = blocks[l];
    const z = free(l)
      ? affine({ ...blocks[l], offset: 0 }, part(l, vector), states[l].h, examples)
      : new Float32Array(examples * outputs);
    if (l > lowest) addProducts(blocks[l], w, rh[l - 1], z, examples);
    rz[l] = z;
    if (l < last) rh[l] = z.map((value, k) => f(states[l + 1].s[k] * value));
  }
  let rdelta = rLoss(rz[last]);
  for (let l = last; l >= lowest; l--) {
    if (free(l)) {
      const pairs: [Float32Array, Float32Array][] = [[rdelta, states[l].h]];
      if (l > lowest && !gaussNewton) pairs.push([states[l + 1].delta, rh[l - 1]]);
      addOuter(blocks[l], pairs, part(l, product), examples);
    }
    if (l === lowest) break;
    const start =
      free(l) && !gaussNewton
        ? transposed({ ...blocks[l], offset: 0 }, part(l, vector), states[l + 1].delta, examples)
        : undefined;
    const rd = transposed(blocks[l], w, rdelta, examples, start);
    const { s, q } = states[l];
    rdelta = rd.map((value, k) => (gaussNewton ? f(s[k] * value) : f(f(s[k] * value) + f(q[k] * rz[l - 1][k]))));
  }
}
