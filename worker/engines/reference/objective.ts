import type { Activation } from '../../../shared/mod.ts';
import {
  type BatchObjective,
  type Block,
  blocksOf,
  type Direction,
  examplesAt,
  LANES,
  type Objective,
  sizeOf,
} from '../objective.ts';
import type { Examples, FullBatch } from '../problem.ts';
import { ACTIVATION_FUNCTIONS } from './activations.ts';
import { OBJECTIVE_LOSSES } from './objective-losses.ts';

const f = Math.fround;

/**
 * What `evaluate` leaves for the products, [example][unit] of each layer. Index 0 is the input: it has h only.
 * s = f'(z); d = dL/dh; delta = dL/dz = d s; q = d f''(z). In the last layer h = z, there is no s, and q is what the loss keeps.
 */
type State = { h: Float32Array; s: Float32Array; q: Float32Array; delta: Float32Array };

/**
 * The plain objective, float32 at every operation.
 *
 * Sums over units run in ascending order from their first term on, as in training. Sums over examples are taken in LANES = 4 partial
 * sums, example e in number e mod 4, each ascending from 0; then (S0 + S1) + (S2 + S3). Where the number of examples is no multiple of
 * 4, the last example is repeated, with residuals set to 0.
 */
export function referenceObjective({ network, examples, loss: kind = 'mse' }: FullBatch): Objective {
  const blocks = blocksOf(network);
  const { x, y, count, padded } = pad(examples);
  const { outputs } = network;
  const { terms, scale: scaleOf, evaluate, multiply } = OBJECTIVE_LOSSES[kind];
  const scale = scaleOf(count, outputs);
  let weights = new Float32Array();
  let states: State[] = [];

  const forward = (w: Float32Array): number => {
    weights = Float32Array.from(w);
    states = [{ h: x, s: x, q: x, delta: x }];
    blocks.forEach((block, l) => {
      states.push(activate(network.activation, affine(block, w, states[l].h, padded), l === blocks.length - 1));
    });
    const { h: z, q: kept, delta } = states[blocks.length];
    const sums = new Float32Array(LANES);
    for (let e = 0; e < count; e++) {
      sums[e % LANES] = f(sums[e % LANES] + evaluate({ z, y, kept, delta }, e * outputs, outputs, scale));
    }
    return f(total(sums) / f(terms(count, outputs)));
  };

  /** R{delta} of the last layer; the repeated examples have none */
  const rLoss = (rz: Float32Array): Float32Array => {
    const rdelta = new Float32Array(rz.length);
    const layer = { y, kept: states[blocks.length].q, rz, rdelta };
    for (let e = 0; e < count; e++) multiply(layer, e * outputs, outputs, scale);
    return rdelta;
  };

  return {
    blocks,
    size: sizeOf(blocks),
    loss: forward,
    evaluate(w, gradient) {
      const loss = forward(w);
      for (let l = blocks.length; l > 0; l--) {
        const { h, delta } = states[l - 1];
        const block = blocks[l - 1];
        addOuter(block, [[states[l].delta, h]], gradient.subarray(block.offset, block.offset + block.length), padded);
        if (l === 1) break;
        const d = transposed(block, weights, states[l].delta, padded);
        const { s, q } = states[l - 1];
        for (let k = 0; k < d.length; k++) {
          delta[k] = f(d[k] * s[k]);
          q[k] = f(d[k] * q[k]);
        }
      }
      return loss;
    },
    multiply(directions) {
      for (const direction of directions) multiplyOne(blocks, weights, states, padded, rLoss, direction);
    },
    outputs: (target) => target.set(states[blocks.length].h.subarray(0, count * outputs)),
  };
}

/** The plain objective of the examples selected. */
export function referenceBatchObjective(problem: FullBatch): BatchObjective {
  const objectiveAt = (rows: Int32Array) =>
    referenceObjective({ ...problem, examples: examplesAt(problem.examples, rows) });
  let objective = objectiveAt(new Int32Array());
  return {
    blocks: objective.blocks,
    size: objective.size,
    select(rows) {
      objective = objectiveAt(rows);
    },
    loss: (w) => objective.loss(w),
    evaluate: (w, gradient) => objective.evaluate(w, gradient),
    multiply: (directions) => objective.multiply(directions),
    outputs: (target) => objective.outputs(target),
  };
}

/** Rows for a multiple of LANES examples: the last one again and again. */
function pad({ count, inputs, outputs, x, y }: Examples) {
  const padded = LANES * Math.ceil(count / LANES);
  const repeat = (rows: Float32Array, width: number) => {
    const all = new Float32Array(padded * width);
    all.set(rows);
    for (let e = count; e < padded; e++) all.copyWithin(e * width, (count - 1) * width, count * width);
    return all;
  };
  return { x: repeat(x, inputs), y: repeat(y, outputs), count, padded };
}

/** z[e][j] = b[j] + sum over i ascending of h[e][i] w[j][i] */
function affine(block: Block, w: Float32Array, h: Float32Array, examples: number): Float32Array {
  const { offset, inputs, outputs } = block;
  const biases = w.subarray(offset + outputs * inputs, offset + block.length);
  const z = new Float32Array(examples * outputs);
  for (let e = 0; e < examples; e++) z.set(biases, e * outputs);
  addProducts(block, w, h, z, examples);
  return z;
}

/** h = f(z), s = f'(z) and, in q for the time being, f''(z). */
function activate(activation: Activation, z: Float32Array, last: boolean): State {
  const delta = new Float32Array(z.length);
  if (last) return { h: z, s: z, q: new Float32Array(z.length), delta };
  const { value, slope, curvature } = ACTIVATION_FUNCTIONS[activation];
  const h = z.map(value);
  const s = h.map((value, k) => slope(value, z[k]));
  const q = h.map((value, k) => curvature(value, s[k], z[k]));
  return { h, s, q, delta };
}

/** d[e][i] = sum over j ascending of w[j][i] delta[e][j], from 0 or, where it is given, from `start` */
function transposed(
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
function addOuter(
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

function total(sums: Float32Array): number {
  return f(f(sums[0] + sums[1]) + f(sums[2] + sums[3]));
}

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
function multiplyOne(
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

/** z[e][j] += sum over i ascending of h[e][i] w[j][i] */
function addProducts(
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
