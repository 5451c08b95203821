import { activate, slope } from './activations';
import { crossEntropy } from './cross-entropy';
import { exampleAt } from './gather';
import { RELU } from './kinds';
import { BYTES, LANES, transposeSquare } from './lanes';
import { activations, columns, deltas, depth, gradients, preactivations, stepSizes, swapped, turned, units, weights, windowX, x, y, zeros } from './memory';
import { accelerate, hasVelocities } from './optimizers';
import { biasGradient, forwardShared, gradientShared, residuals } from './tiles';

/**
 * One network at a time, with its units side by side in the lanes: of a wide network the weights of as many as there are lanes come into no
 * cache. Sums are those of `index.ts`, in the same order. Values [example][unit] and weights [input][output] are plain float32, with rows of
 * whole vectors; what lies behind a row's units is not looked at.
 */

/** Bytes of weights that meet all examples of a block, and stay in a second-level cache meanwhile. */
// @ts-ignore: decorator
@inline const CHUNK_BYTES: i32 = 131072;

// @ts-ignore: decorator
@inline function rowBytes(l: i32): usize {
  return <usize>columns(l) * BYTES;
}

/** z = bias + x w, chunk by chunk of the rows of w; rows of x are `row` bytes apart. */
function product(x: usize, row: usize, w: usize, bias: usize, z: usize, inputs: i32, outputs: i32, count: i32, rectify: bool): void {
  const bytes = <usize>outputs * BYTES, chunk = max(16, CHUNK_BYTES / <i32>bytes);
  for (let i = 0; i < inputs; i += chunk) {
    const n = min(chunk, inputs - i);
    forwardShared(x + (<usize>i << 2), row, w + <usize>i * bytes, bias, z, n, outputs, count, i > 0, rectify && i + n == inputs);
  }
}

// @ts-ignore: decorator
@inline function inputsAt(position: i32, shuffled: bool): usize {
  return shuffled ? windowX : x + <usize>position * (<usize>units(0) << 2);
}

export function propagateAcross(activation: i32, position: i32, count: i32, shuffled: bool): void {
  for (let l = 1; l <= depth; l++) {
    const inputs = units(l - 1), w = weights(l), z = activations(l), hidden = l < depth;
    const values = l == 1 ? inputsAt(position, shuffled) : activations(l - 1), row = l == 1 ? <usize>inputs << 2 : rowBytes(l - 1);
    product(values, row, w, w + <usize>inputs * rowBytes(l), z, inputs, columns(l), count, hidden && activation == RELU);
    if (hidden && activation != RELU) activate(activation, z, preactivations(l), <usize>count * rowBytes(l));
  }
}

/** The deltas of the last layer, and the sum of the losses so far in every lane; a vector of examples at a time. */
export function lossAcross(isCrossEntropy: bool, position: i32, count: i32, shuffled: bool, scale: v128, total: v128): v128 {
  const outputs = units(depth), row = rowBytes(depth), bytes = <usize>outputs * BYTES;
  const z = turned, target = z + bytes, delta = target + bytes, losses = delta + bytes;
  let sum = f32x4.extract_lane(total, 0);
  for (let e = 0; e < count; e += LANES) {
    const n = min(LANES, count - e);
    for (let lane = 0; lane < LANES; lane++) {
      const place = e + min(lane, n - 1), to = <usize>lane << 2;
      const from = activations(depth) + <usize>place * row, labels = y + <usize>exampleAt(position + place, shuffled) * (<usize>outputs << 2);
      for (let j: usize = 0; j < bytes; j += BYTES) {
        store<f32>(z + j + to, load<f32>(from + 4 * (j / BYTES)));
        store<f32>(target + j + to, load<f32>(labels + 4 * (j / BYTES)));
      }
    }
    const zero = f32x4.splat(0);
    if (isCrossEntropy) v128.store(losses, crossEntropy(z, target, delta, outputs, 1, scale, zero));
    else v128.store(losses, residuals(z, target, delta, outputs, 1, scale, zero));
    for (let lane = 0; lane < n; lane++) {
      const to = deltas(depth) + <usize>(e + lane) * row, from = <usize>lane << 2;
      sum = sum + load<f32>(losses + from);
      for (let j: usize = 0; j < bytes; j += BYTES) store<f32>(to + 4 * (j / BYTES), load<f32>(delta + j + from));
    }
  }
  return f32x4.splat(sum);
}

/** The weights of layer l, [output][input]. */
function swap(l: i32): void {
  const inputs = units(l - 1), source = weights(l), row = rowBytes(l), targetRow = rowBytes(l - 1);
  for (let j = 0; j < units(l); j += LANES) {
    for (let i = 0; i < inputs; i += LANES) {
      const from = source + <usize>i * row + (<usize>j << 2), to = swapped + <usize>j * targetRow + (<usize>i << 2);
      transposeSquare(from, row, min(LANES, inputs - i), to, targetRow);
    }
  }
}

/** As `backpropagate` of `index.ts`. */
export function backpropagateAcross(activation: i32, position: i32, count: i32, first: bool, last: bool, shuffled: bool): void {
  const update = last && !hasVelocities();
  for (let l = depth; l > 0; l--) {
    const inputs = units(l - 1), outputs = columns(l), w = weights(l), g = gradients(l), d = deltas(l), matrix = <usize>inputs * rowBytes(l);
    const steps = stepSizes + <usize>(2 * (l - 1)) * BYTES, stepSize = v128.load(steps), biasStepSize = v128.load(steps, BYTES);
    if (l > 1) {
      const h = activations(l - 1), below = deltas(l - 1), row = rowBytes(l - 1);
      swap(l);
      memory.fill(zeros, 0, row);
      product(d, rowBytes(l), swapped, zeros, below, units(l), columns(l - 1), count, false);
      slope(activation, h, preactivations(l - 1), below, <usize>count * row);
      gradientShared(d, h, row, g, w, stepSize, first, update, inputs, outputs, count);
    } else {
      gradientShared(d, inputsAt(position, shuffled), <usize>inputs << 2, g, w, stepSize, first, update, inputs, outputs, count);
    }
    biasGradient(d, g + matrix, w + matrix, biasStepSize, first, update, outputs, count);
    if (last != update) accelerate(l, stepSize, biasStepSize);
  }
}
