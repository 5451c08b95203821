import type { Activation } from '../../../shared/mod.ts';
import { type BatchObjective, blocksOf, examplesAt, LANES, type Objective, sizeOf } from '../objective.ts';
import type { Examples, FullBatch } from '../problem.ts';
import { ACTIVATION_FUNCTIONS } from './activations.ts';
import { multiplyOne, type State } from './hessian-product.ts';
import { addOuter, affine, total, transposed } from './layer-sums.ts';
import { OBJECTIVE_LOSSES } from './objective-losses.ts';

const f = Math.fround;

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
