import { activate } from './activations';
import { RELU } from './kinds';
import { crossEntropyOfQuads, rCrossEntropyOfQuads } from './cross-entropy';
import {
  blockQuads, chunk, chunkInputs, CURVATURE, DELTA, directionOf, directions, examples, gradientOf, H, highestOf, inputsAt, isCrossEntropy,
  isGaussNewton, kind, layers, losses, lowestOf, quads, RDELTA, RH, RZ, scratch, SLOPE, targets, unitsOf, valuesAt, weightsOf, zeros,
} from './objective-memory';
import { outer, outerOfPairs, sums } from './example-sums';
import { affine, affineOfPairs, rDelta, rThroughSlope, throughSlope, transposed, transposedOfPairs } from './tiles';

// @ts-ignore: decorator
@inline function biasesOf(l: i32, weights: usize): usize {
  return weights + (<usize>unitsOf(l - 1) * <usize>unitsOf(l) << 2);
}

// @ts-ignore: decorator
@inline function bytesOf(l: i32, count: i32): usize {
  return (<usize>unitsOf(l) * <usize>count) << 6;
}

/** Groups of four examples in `count` quads. Groups of the last quad that hold no example take no part in a sum. */
// @ts-ignore: decorator
@inline function groupsIn(start: i32, count: i32): i32 {
  return min(4 * count, (examples + 3) / 4 - 4 * start);
}

/** All ones in the lanes of a group that hold an example; a lane without one repeats the last example, and has no residual. */
// @ts-ignore: decorator
@inline function maskOf(quad: i32, group: i32): v128 {
  return i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(examples - 16 * quad - 4 * group));
}

// @ts-ignore: decorator
@inline function scaleOf(): f32 {
  return <f32>(isCrossEntropy ? 1 / <f64>examples : 2 / (<f64>examples * <f64>unitsOf(layers)));
}

// @ts-ignore: decorator
@inline function targetsAt(start: i32): usize {
  return targets + ((<usize>start * <usize>unitsOf(layers)) << 6);
}

// @ts-ignore: decorator
@inline function sumOfLanes(v: v128): f32 {
  return f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1) + (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3));
}

/** The sums of a slot's gradient, (S0 + S1) + (S2 + S3), in the place of its direction: `count` of layer l and those above. */
export function collect(slot: i32, l: i32, count: i32): void {
  let source = gradientOf(slot, l), target = directionOf(slot, l);
  for (const end = target + (<usize>count << 2); target < end; target += 4, source += 16) store<f32>(target, sumOfLanes(v128.load(source)));
}

/** The loss at the parameters; with `withGradient` also its gradient in slot 0, and what `multiply` needs. */
export function evaluate(withGradient: bool): f32 {
  let total = f32x4.splat(0);
  for (let start = 0; start < quads; start += blockQuads) {
    const count = min(blockQuads, quads - start);
    propagate(start, count);
    total = isCrossEntropy ? entropies(start, count, total) : residuals(start, count, total);
    if (withGradient) backpropagate(start, count);
  }
  return sumOfLanes(total) / <f32>(isCrossEntropy ? <f64>examples : <f64>examples * <f64>unitsOf(layers));
}

function propagate(start: i32, count: i32): void {
  for (let l = 1; l <= layers; l++) {
    const w = weightsOf(l), hidden = l < layers, z = valuesAt(H, l, start), rectify = hidden && kind == RELU;
    if (l == 1) affineOfInputs(start, w, z, count, rectify);
    else affine(valuesAt(H, l - 1, start), w, biasesOf(l, w), z, unitsOf(l - 1), unitsOf(l - 1), unitsOf(l), count, false, rectify);
    if (hidden && !rectify) activate(kind, z, valuesAt(SLOPE, l, start), bytesOf(l, count));
  }
}

/** The first layer, chunk by chunk of its inputs. */
function affineOfInputs(start: i32, w: usize, z: usize, count: i32, rectify: bool): void {
  const inputs = unitsOf(0), outputs = unitsOf(1), biases = biasesOf(1, w);
  for (let i = 0; i < inputs; i += chunk) {
    const last = i + chunk >= inputs;
    affine(inputsAt(start, i), w + (<usize>i << 2), biases, z, inputs, chunkInputs(i), outputs, count, i > 0, rectify && last);
  }
}

function residuals(start: i32, count: i32, total: v128): v128 {
  const outputs = unitsOf(layers), scale = f32x4.splat(scaleOf());
  let prediction = valuesAt(H, layers, start), delta = valuesAt(DELTA, layers, start), y = targetsAt(start);
  for (let quad = start; quad < start + count; quad++, prediction += <usize>outputs << 6, delta += <usize>outputs << 6, y += <usize>outputs << 6) {
    for (let group = 0; group < 4; group++) {
      const mask = maskOf(quad, group);
      let sum = f32x4.splat(0);
      for (let p = <usize>group << 4, end = p + (<usize>outputs << 6); p < end; p += 64) {
        const residual = v128.and(f32x4.sub(v128.load(prediction + p), v128.load(y + p)), mask);
        sum = f32x4.add(sum, f32x4.mul(residual, residual));
        v128.store(delta + p, f32x4.mul(scale, residual));
      }
      // 0 where the group has no example
      total = f32x4.add(total, sum);
    }
  }
  return total;
}

/** The same of the cross-entropy, whose exponentials take the place of the last layer's curvature. */
function entropies(start: i32, count: i32, total: v128): v128 {
  const outputs = unitsOf(layers), delta = valuesAt(DELTA, layers, start);
  crossEntropyOfQuads(valuesAt(H, layers, start), targetsAt(start), valuesAt(CURVATURE, layers, start), delta, losses, outputs, count, scaleOf());
  silence(delta, start, count);
  let loss = losses;
  for (let quad = start; quad < start + count; quad++) {
    for (let group = 0; group < 4; group++, loss += 16) total = f32x4.add(total, v128.and(v128.load(loss), maskOf(quad, group)));
  }
  return total;
}

/** Sets values of the last layer to 0 in lanes without an example, which only the last quad of all has. */
function silence(values: usize, start: i32, count: i32): void {
  if (start + count < quads) return;
  const bytes = <usize>unitsOf(layers) << 6, last = values + <usize>(count - 1) * bytes;
  for (let group = 0; group < 4; group++) {
    const mask = maskOf(quads - 1, group);
    for (let p = last + (<usize>group << 4), end = p + bytes; p < end; p += 64) v128.store(p, v128.and(v128.load(p), mask));
  }
}

function backpropagate(start: i32, count: i32): void {
  const first = start == 0, groups = groupsIn(start, count);
  for (let l = layers; l > 0; l--) {
    const inputs = unitsOf(l - 1), outputs = unitsOf(l), g = gradientOf(0, l), delta = valuesAt(DELTA, l, start);
    sums(delta, g + (<usize>inputs * <usize>outputs << 4), first, outputs, groups);
    if (l == 1) return outerOfInputs(start, delta, g, first, groups);
    const h = valuesAt(H, l - 1, start), d = valuesAt(DELTA, l - 1, start);
    outer(delta, h, g, first, inputs, inputs, outputs, groups);
    transposed(delta, weightsOf(l), d, inputs, outputs, count);
    throughSlope(kind, d, h, valuesAt(SLOPE, l - 1, start), valuesAt(CURVATURE, l - 1, start), bytesOf(l - 1, count));
  }
}

function outerOfInputs(start: i32, delta: usize, g: usize, first: bool, groups: i32): void {
  const inputs = unitsOf(0), outputs = unitsOf(1);
  for (let i = 0; i < inputs; i += chunk) {
    outer(delta, inputsAt(start, i), g + (<usize>i << 4), first, inputs, chunkInputs(i), outputs, groups);
  }
}

/**
 * The products of the blocks of the Hessian, or of the Gauss-Newton matrix, with the directions in the first `slots` slots, as sums in their gradients. All directions pass a
 * block of examples before the next one, while what `evaluate` kept of it is in a cache.
 */
export function multiply(slots: i32): void {
  for (let start = 0; start < quads; start += blockQuads) {
    const count = min(blockQuads, quads - start);
    for (let slot = 0; slot < slots; slot++) {
      rPropagate(slot, start, count);
      rResiduals(start, count);
      rBackpropagate(slot, start, count);
    }
  }
}

function rPropagate(slot: i32, start: i32, count: i32): void {
  const lowest = lowestOf(slot), highest = highestOf(slot);
  for (let l = lowest; l <= layers; l++) {
    const inputs = unitsOf(l - 1), outputs = unitsOf(l), rz = scratch(RZ, l), w = weightsOf(l), rh = scratch(RH, l - 1);
    const v = directionOf(slot, l), biases = biasesOf(l, v);
    if (l > highest) affine(rh, w, zeros, rz, inputs, inputs, outputs, count, false, false);
    else if (l == 1) affineOfInputs(start, v, rz, count, false);
    else if (l == lowest) affine(valuesAt(H, l - 1, start), v, biases, rz, inputs, inputs, outputs, count, false, false);
    else affineOfPairs(valuesAt(H, l - 1, start), v, rh, w, biases, rz, inputs, inputs, outputs, count, false, false);
    if (l < layers) rThroughSlope(kind, rz, valuesAt(H, l, start), valuesAt(SLOPE, l, start), scratch(RH, l), bytesOf(l, count));
  }
}

function rResiduals(start: i32, count: i32): void {
  const outputs = unitsOf(layers);
  let rz = scratch(RZ, layers), rdelta = scratch(RDELTA, layers);
  if (isCrossEntropy) {
    rCrossEntropyOfQuads(valuesAt(CURVATURE, layers, start), targetsAt(start), rz, rdelta, outputs, count, scaleOf());
    return silence(rdelta, start, count);
  }
  const scale = f32x4.splat(scaleOf());
  for (let quad = start; quad < start + count; quad++) {
    const a = maskOf(quad, 0), b = maskOf(quad, 1), c = maskOf(quad, 2), d = maskOf(quad, 3);
    for (let j = 0; j < outputs; j++, rz += 64, rdelta += 64) {
      v128.store(rdelta, v128.and(f32x4.mul(scale, v128.load(rz)), a));
      v128.store(rdelta, v128.and(f32x4.mul(scale, v128.load(rz, 16)), b), 16);
      v128.store(rdelta, v128.and(f32x4.mul(scale, v128.load(rz, 32)), c), 32);
      v128.store(rdelta, v128.and(f32x4.mul(scale, v128.load(rz, 48)), d), 48);
    }
  }
}

function rBackpropagate(slot: i32, start: i32, count: i32): void {
  const lowest = lowestOf(slot), highest = highestOf(slot), first = start == 0, groups = groupsIn(start, count);
  for (let l = layers; l >= lowest; l--) {
    const inputs = unitsOf(l - 1), outputs = unitsOf(l), rdelta = scratch(RDELTA, l), delta = valuesAt(DELTA, l, start);
    const h = valuesAt(H, l - 1, start), free = l <= highest, linear = isGaussNewton(slot);
    if (free) {
      const g = gradientOf(slot, l);
      sums(rdelta, g + (<usize>inputs * <usize>outputs << 4), first, outputs, groups);
      if (l == 1) outerOfInputs(start, rdelta, g, first, groups);
      else if (l == lowest || linear) outer(rdelta, h, g, first, inputs, inputs, outputs, groups);
      else outerOfPairs(rdelta, h, delta, scratch(RH, l - 1), g, first, inputs, inputs, outputs, groups);
    }
    if (l == lowest) return;
    const rd = scratch(RDELTA, l - 1);
    if (free && !linear) transposedOfPairs(delta, directionOf(slot, l), rdelta, weightsOf(l), rd, inputs, outputs, count);
    else transposed(rdelta, weightsOf(l), rd, inputs, outputs, count);
    const s = valuesAt(SLOPE, l - 1, start), q = valuesAt(CURVATURE, l - 1, start);
    if (linear) rThroughSlope(kind, rd, h, s, rd, bytesOf(l - 1, count));
    else rDelta(kind, rd, h, s, q, valuesAt(DELTA, l - 1, start), scratch(RZ, l - 1), bytesOf(l - 1, count));
  }
}
