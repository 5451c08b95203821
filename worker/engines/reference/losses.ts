import type { Loss } from '../../../shared/mod.ts';
import type { Problem } from '../problem.ts';
import { expNegative, log } from './functions.ts';

const f = Math.fround;

/** The loss of a batch from the last layer's values [example][output], and deltas = dL/dz of them. */
export type LossFunction = (
  problem: Problem,
  prediction: Float32Array,
  batch: Int32Array,
) => { loss: number; deltas: Float32Array };

export const LOSS_FUNCTIONS: Record<Loss, LossFunction> = {
  mse: meanSquaredError,
  'cross-entropy': crossEntropy,
};

/**
 * L = S / (B outputs), S the sum over the batch's examples in order of each example's sum of squared residuals (outputs ascending);
 * divided last, so that S overflows first. deltas = dL/dz of the last layer = (2 / (B outputs)) (prediction - y), the factor rounded.
 */
function meanSquaredError({ examples }: Problem, prediction: Float32Array, batch: Int32Array) {
  const { outputs, y } = examples;
  const terms = batch.length * outputs;
  const scale = f(2 / terms);
  const deltas = new Float32Array(terms);
  let total = 0;
  for (let e = 0; e < batch.length; e++) {
    let sum = 0;
    for (let o = 0; o < outputs; o++) {
      const residual = f(prediction[e * outputs + o] - y[batch[e] * outputs + o]);
      sum = f(sum + f(residual * residual));
      deltas[e * outputs + o] = f(scale * residual);
    }
    total = f(total + sum);
  }
  return { loss: f(total / f(terms)), deltas };
}

/**
 * The cross-entropy of the softmax of z with the targets y, probabilities. L = S / B, S the sum over the batch's examples in order of
 *
 *     log sum_j e^(z_j) sum_j y_j - sum_j y_j z_j = (Y log s) + t
 *
 * with m the largest z_j (the first z_j, and each later one that is larger), a_j = m - z_j >= 0, e_j = e^-a_j, and sums over outputs
 * ascending from 0: s of e_j, Y of y_j, t of y_j a_j. All terms are at least 0 and s is at least 1, so nothing cancels. deltas =
 * dL/dz = (1 / B) ((e_j r) - y_j), r = Y / s, the factor rounded.
 *
 * Finite logits give a finite softmax, however large. Infinite ones, or ones further apart than the largest float32, give a NaN or
 * infinite loss, as PyTorch's do.
 */
function crossEntropy({ examples }: Problem, z: Float32Array, batch: Int32Array) {
  const { outputs, y } = examples;
  const scale = f(1 / batch.length);
  const deltas = new Float32Array(batch.length * outputs);
  let total = 0;
  for (let e = 0; e < batch.length; e++) {
    const rows = { z: e * outputs, y: batch[e] * outputs };
    total = f(total + crossEntropyOf(z, y, rows, outputs, scale, deltas, deltas));
  }
  return { loss: f(total / f(batch.length)), deltas };
}

/**
 * The cross-entropy of one example, whose z and y begin at `rows`; writes e_j, and then delta, from `rows.z` on. The two may be one array.
 */
export function crossEntropyOf(
  z: Float32Array,
  y: Float32Array,
  rows: { z: number; y: number },
  outputs: number,
  scale: number,
  exponentials: Float32Array,
  deltas: Float32Array,
): number {
  let largest = z[rows.z];
  for (let j = 1; j < outputs; j++) if (largest < z[rows.z + j]) largest = z[rows.z + j];
  let s = 0;
  let mass = 0;
  let t = 0;
  for (let j = 0; j < outputs; j++) {
    const a = f(largest - z[rows.z + j]);
    const exponential = expNegative(a);
    exponentials[rows.z + j] = exponential;
    s = f(s + exponential);
    mass = f(mass + y[rows.y + j]);
    t = f(t + f(y[rows.y + j] * a));
  }
  const r = f(mass / s);
  for (let j = 0; j < outputs; j++) {
    deltas[rows.z + j] = f(scale * f(f(exponentials[rows.z + j] * r) - y[rows.y + j]));
  }
  return f(f(mass * log(s)) + t);
}
