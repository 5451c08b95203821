import { backpropagateAcross, lossAcross, propagateAcross } from './across';
import { activate, slope } from './activations';
import { RELU } from './kinds';
import { crossEntropy } from './cross-entropy';
import { chunkInputs, forget, gather, inputsAt, sharedInputsAt, targetsAt } from './gather';
import { BYTES, LANES } from './lanes';
import { across, activations, block, capacity, chunk, deltas, depth, examples, gradients, losses, preactivations, stepSizes, trainings, units, weights } from './memory';
import { accelerate, hasVelocities } from './optimizers';
import { biasGradient, backward, forward, forwardShared, gradient, gradientShared, residuals } from './tiles';

export { fullWeights, layout, columns, layoutReduction, projected, q, stepSizes, streams, trainings, weights, x, y } from './memory';
export { rest, setOptimizer } from './optimizers';
// exported only so that Binaryen does not inline them into the loops of trainings that do without
export { accelerate } from './optimizers';
export { crossEntropy } from './cross-entropy';
export { project } from './project';
export { collect, evaluate, multiply } from './objective';
export { directions, inputs, layoutObjective, parameters, predictions, setRange, targets } from './objective-memory';
export { forget } from './gather';
export { execute } from './graph';
export { arena, layoutGraph } from './graph-operands';
export { drawLayer, drawUniform, shuffle } from './random';

let isCrossEntropy: bool = false;

/** The cross-entropy, or else the mean squared error. */
export function setLoss(crossEntropy: bool): void {
  isCrossEntropy = crossEntropy;
}

// @ts-ignore: decorator
@inline function matrixBytes(inputs: i32, outputs: i32): usize {
  return <usize>inputs * <usize>outputs * BYTES;
}

/** @param position of the first example of the block in the pass */
function propagate(activation: i32, position: i32, count: i32, shuffled: bool): void {
  for (let l = 1; l <= depth; l++) {
    const inputs = units(l - 1), outputs = units(l), w = weights(l), z = activations(l);
    const bias = w + matrixBytes(inputs, outputs);
    const rectify = activation == RELU && l < depth;
    if (l > 1) {
      forward(activations(l - 1), <usize>inputs * BYTES, w, bias, z, inputs, outputs, count, false, rectify);
    } else {
      for (let i = 0; i < inputs; i += chunk) {
        const part = w + matrixBytes(i, outputs), n = chunkInputs(i), rectifies = rectify && i + chunk >= inputs;
        if (shuffled) forward(inputsAt(position, i), <usize>n * BYTES, part, bias, z, n, outputs, count, i > 0, rectifies);
        else forwardShared(sharedInputsAt(position, i), <usize>inputs << 2, part, bias, z, n, outputs, count, i > 0, rectifies);
      }
    }
    if (l < depth && activation != RELU) activate(activation, z, preactivations(l), matrixBytes(count, outputs));
  }
}

/** Adds the gradients of a block; the last block of a batch updates the weights instead, each layer once its deltas have passed. */
function backpropagate(activation: i32, position: i32, count: i32, first: bool, last: bool, shuffled: bool): void {
  // velocities take the sums of the gradients from memory, in a pass of their own
  const update = last && !hasVelocities();
  for (let l = depth; l > 0; l--) {
    const inputs = units(l - 1), outputs = units(l), w = weights(l), g = gradients(l), d = deltas(l);
    const steps = stepSizes + <usize>(2 * (l - 1)) * BYTES;
    const stepSize = v128.load(steps), biasStepSize = v128.load(steps, BYTES);
    const matrix = matrixBytes(inputs, outputs);
    if (l > 1) {
      const h = activations(l - 1);
      backward(d, w, deltas(l - 1), h, inputs, outputs, count, activation == RELU);
      if (activation != RELU) slope(activation, h, preactivations(l - 1), deltas(l - 1), matrixBytes(count, inputs));
      gradient(d, h, <usize>inputs * BYTES, g, w, stepSize, first, update, inputs, outputs, count);
    } else {
      for (let i = 0; i < inputs; i += chunk) {
        const part = matrixBytes(i, outputs), n = chunkInputs(i);
        if (shuffled) gradient(d, inputsAt(position, i), <usize>n * BYTES, g + part, w + part, stepSize, first, update, n, outputs, count);
        else gradientShared(d, sharedInputsAt(position, i), <usize>inputs << 2, g + part, w + part, stepSize, first, update, n, outputs, count);
      }
    }
    biasGradient(d, g + matrix, w + matrix, biasStepSize, first, update, outputs, count);
    if (last != update) accelerate(l, stepSize, biasStepSize);
  }
}

/** The deltas of the last layer, and the sums of the losses so far. */
// @ts-ignore: decorator
@inline function lossOf(position: i32, count: i32, scale: v128, total: v128): v128 {
  const z = activations(depth), y = targetsAt(position), d = deltas(depth), outputs = units(depth);
  if (isCrossEntropy) return crossEntropy(z, y, d, outputs, count, scale, total);
  return residuals(z, y, d, outputs, count, scale, total);
}

let isSearch: bool = true;

/** Whether the lanes are a search, which ends with its lane 0, or each counts for itself. */
export function setSearch(search: bool): void {
  isSearch = search;
}

/**
 * Trains on `count` batches of at most `batch` examples, from position `start` of the pass on; stores the loss of each batch,
 * from before its update. Returns the number of losses stored: fewer than `count` in a search when the loss of lane 0 is not at most
 * `limit`, for then nothing that the other lanes do can change it; else when every lane has had such a loss.
 */
export function train(activation: i32, start: i32, count: i32, batch: i32, shuffled: bool, limit: f64): i32 {
  const outputs = units(depth);
  // the first lane that may still have no such loss
  let watched = 0;
  for (let t = 0; t < count; t++) {
    const size = min(batch, examples - start);
    const terms = isCrossEntropy ? <f64>size : <f64>size * <f64>outputs;
    const scale = f32x4.splat(<f32>((isCrossEntropy ? 1 : 2) / terms));
    let total = f32x4.splat(0);
    for (let done = 0; done < size; done += block) {
      const e = min(block, size - done);
      const first = done == 0, last = done + e == size;
      gather(start + done, e, shuffled);
      if (across) {
        propagateAcross(activation, start + done, e, shuffled);
        total = lossAcross(isCrossEntropy, start + done, e, shuffled, scale, total);
      } else {
        propagate(activation, start + done, e, shuffled);
        total = lossOf(start + done, e, scale, total);
      }
      if (last) {
        const loss = f32x4.div(total, f32x4.splat(<f32>terms));
        const stored = losses + <usize>t * BYTES;
        v128.store(stored, loss);
        for (; !(<f64>load<f32>(stored + (<usize>watched << 2)) <= limit); watched++) {
          if (isSearch || watched == LANES - 1) return separate(t + 1);
        }
      }
      if (across) backpropagateAcross(activation, start + done, e, first, last, shuffled);
      else backpropagate(activation, start + done, e, first, last, shuffled);
    }
    start += size;
    if (start == examples) start = 0;
  }
  return separate(count);
}

/** Puts each lane's losses one after the other, at `trainings`; returns their number. */
function separate(count: i32): i32 {
  for (let lane = 0; lane < LANES; lane++) {
    let p = losses + (<usize>lane << 2), q = trainings + ((<usize>lane * <usize>capacity) << 2);
    for (const end = p + <usize>count * BYTES; p < end; p += BYTES, q += 4) store<f32>(q, load<f32>(p));
  }
  return count;
}
