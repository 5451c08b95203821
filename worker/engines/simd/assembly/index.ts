import { activate, RELU, slope } from './activations';
import { forget, gather, inputsAt, targetsAt } from './gather';
import { activations, block, deltas, depth, examples, gradients, losses, preactivations, units, weights } from './memory';
import { biasGradient, backward, forward, gradient, residuals } from './tiles';

export { layout, losses, order, weights, x, y } from './memory';
export { forget } from './gather';

let stepSize: v128 = f32x4.splat(0);

export function setStepSizes(a: f32, b: f32, c: f32, d: f32): void {
  stepSize = f32x4.replace_lane(f32x4.replace_lane(f32x4.replace_lane(f32x4.splat(a), 1, b), 2, c), 3, d);
}

function propagate(activation: i32, x: usize, count: i32): void {
  let h = x;
  for (let l = 1; l <= depth; l++) {
    const inputs = units(l - 1), outputs = units(l), w = weights(l), z = activations(l);
    forward(h, w, w + ((<usize>inputs * <usize>outputs) << 4), z, inputs, outputs, count, activation == RELU && l < depth);
    if (l < depth && activation != RELU) activate(activation, z, preactivations(l), (<usize>outputs * <usize>count) << 4);
    h = z;
  }
}

/** Adds the gradients of a block; the last block of a batch updates the weights instead, each layer once its deltas have passed. */
function backpropagate(activation: i32, x: usize, count: i32, first: bool, last: bool): void {
  for (let l = depth; l > 0; l--) {
    const inputs = units(l - 1), outputs = units(l), w = weights(l), g = gradients(l), d = deltas(l);
    const h = l == 1 ? x : activations(l - 1);
    const matrix = (<usize>inputs * <usize>outputs) << 4;
    if (l > 1) {
      backward(d, w, deltas(l - 1), h, inputs, outputs, count, activation == RELU);
      if (activation != RELU) slope(activation, h, preactivations(l - 1), deltas(l - 1), (<usize>inputs * <usize>count) << 4);
    }
    gradient(d, h, g, w, stepSize, first, last, inputs, outputs, count);
    biasGradient(d, g + matrix, w + matrix, stepSize, first, last, outputs, count);
  }
}

/**
 * Trains on `count` batches of at most `batch` examples, from position `start` of the pass on; stores the loss of each batch,
 * from before its update. Returns the number of losses stored: fewer than `count` when the loss of lane 0 is not at most
 * `limit`, for then nothing that the other lanes do can change the search.
 */
export function train(activation: i32, start: i32, count: i32, batch: i32, shuffled: bool, limit: f64): i32 {
  const outputs = units(depth);
  for (let t = 0; t < count; t++) {
    const size = min(batch, examples - start);
    const terms = <f64>size * <f64>outputs;
    const scale = f32x4.splat(<f32>(2 / terms));
    let total = f32x4.splat(0);
    for (let done = 0; done < size; done += block) {
      const e = min(block, size - done);
      const first = done == 0, last = done + e == size;
      gather(start + done, e, shuffled);
      const inputs = inputsAt(start + done);
      propagate(activation, inputs, e);
      total = residuals(activations(depth), targetsAt(start + done), deltas(depth), outputs, e, scale, total);
      if (last) {
        const loss = f32x4.div(total, f32x4.splat(<f32>terms));
        v128.store(losses + (<usize>t << 4), loss);
        if (!(<f64>f32x4.extract_lane(loss, 0) <= limit)) return t + 1;
      }
      backpropagate(activation, inputs, e, first, last);
    }
    start += size;
    if (start == examples) start = 0;
  }
  return count;
}
