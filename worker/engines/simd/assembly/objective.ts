import { derive } from './derivatives';
import {
  at, blockGroups, CURVATURE, DELTA, DIRECTION, flat, GRADIENT, groups, H, layers, RDELTA, RH, RZ, SLOPE, targets, unitsOf, WEIGHTS, zeros,
} from './objective-memory';
import { backward, biasGradient, forward, gradient, gradientOfPairs } from './tiles';

/** Lanes of the last group that hold an example; the others repeat it, and have no residual. */
let lastMask: v128 = i32x4.splat(-1);
let scale: v128 = f32x4.splat(0);
let terms: f32 = 0;

/** @param examples in all, the repeated ones not counted */
export function setExamples(examples: i32): void {
  const inLast = examples - 4 * (groups - 1);
  lastMask = i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(inLast));
  const values = <f64>examples * <f64>unitsOf(layers);
  terms = <f32>values;
  scale = f32x4.splat(<f32>(2 / values));
}

// @ts-ignore: decorator
@inline function matrixBytes(l: i32): usize {
  return (<usize>unitsOf(l - 1) * <usize>unitsOf(l)) << 4;
}

// @ts-ignore: decorator
@inline function valuesAt(array: i32, l: i32, group: i32): usize {
  return at(array, l) + ((<usize>group * <usize>unitsOf(l)) << 4);
}

// @ts-ignore: decorator
@inline function bytesOf(l: i32, count: i32): usize {
  return (<usize>unitsOf(l) * <usize>count) << 4;
}

/** From the flat vector to the lanes: layer l of `array`, the same in each. */
export function spread(array: i32, l: i32, offset: i32): void {
  const inputs = unitsOf(l - 1), outputs = unitsOf(l);
  let target = at(array, l);
  const w = flat + (<usize>offset << 2), biases = w + (<usize>inputs * <usize>outputs << 2);
  for (let i = 0; i < inputs; i++) {
    for (let j = 0; j < outputs; j++, target += 16) {
      v128.store(target, v128.load32_splat(w + ((<usize>j * <usize>inputs + <usize>i) << 2)));
    }
  }
  for (let j = 0; j < outputs; j++, target += 16) v128.store(target, v128.load32_splat(biases + (<usize>j << 2)));
}

/** From the lanes to the flat vector: the gradient of layer l, (S0 + S1) + (S2 + S3). */
export function collect(l: i32, offset: i32): void {
  const inputs = unitsOf(l - 1), outputs = unitsOf(l);
  let source = at(GRADIENT, l);
  const g = flat + (<usize>offset << 2), biases = g + (<usize>inputs * <usize>outputs << 2);
  for (let i = 0; i < inputs; i++) {
    for (let j = 0; j < outputs; j++, source += 16) store<f32>(g + ((<usize>j * <usize>inputs + <usize>i) << 2), sumOfLanes(v128.load(source)));
  }
  for (let j = 0; j < outputs; j++, source += 16) store<f32>(biases + (<usize>j << 2), sumOfLanes(v128.load(source)));
}

// @ts-ignore: decorator
@inline function sumOfLanes(v: v128): f32 {
  return f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1) + (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3));
}

/** The loss at the weights that were spread; with `withGradient` also its gradient in the lanes, and what `multiply` needs. */
export function evaluate(activation: i32, withGradient: bool): f32 {
  let total = f32x4.splat(0);
  for (let start = 0; start < groups; start += blockGroups) {
    const count = min(blockGroups, groups - start);
    for (let l = 1; l <= layers; l++) {
      const w = at(WEIGHTS, l), z = valuesAt(H, l, start);
      forward(valuesAt(H, l - 1, start), w, w + matrixBytes(l), z, unitsOf(l - 1), unitsOf(l), count, false, false);
      if (l < layers) derive(activation, z, valuesAt(SLOPE, l, start), valuesAt(CURVATURE, l, start), bytesOf(l, count));
    }
    total = residuals(start, count, total);
    if (withGradient) backpropagate(start, count);
  }
  return sumOfLanes(total) / terms;
}

function residuals(start: i32, count: i32, total: v128): v128 {
  const outputs = unitsOf(layers);
  let prediction = valuesAt(H, layers, start), delta = valuesAt(DELTA, layers, start);
  let y = targets + ((<usize>start * <usize>outputs) << 4);
  for (let group = start; group < start + count; group++) {
    const mask = group == groups - 1 ? lastMask : i32x4.splat(-1);
    let sum = f32x4.splat(0);
    for (let j = 0; j < outputs; j++, prediction += 16, y += 16, delta += 16) {
      const residual = v128.and(f32x4.sub(v128.load(prediction), v128.load(y)), mask);
      sum = f32x4.add(sum, f32x4.mul(residual, residual));
      v128.store(delta, f32x4.mul(scale, residual));
    }
    total = f32x4.add(total, sum);
  }
  return total;
}

function backpropagate(start: i32, count: i32): void {
  const first = start == 0, none = f32x4.splat(0);
  for (let l = layers; l > 0; l--) {
    const inputs = unitsOf(l - 1), outputs = unitsOf(l), g = at(GRADIENT, l), delta = valuesAt(DELTA, l, start);
    gradient(delta, valuesAt(H, l - 1, start), g, 0, none, first, false, inputs, outputs, count);
    biasGradient(delta, g + matrixBytes(l), 0, none, first, false, outputs, count);
    if (l == 1) break;
    let d = valuesAt(DELTA, l - 1, start), s = valuesAt(SLOPE, l - 1, start), q = valuesAt(CURVATURE, l - 1, start);
    backward(delta, at(WEIGHTS, l), d, 0, inputs, outputs, count, false, false);
    for (const end = d + bytesOf(l - 1, count); d < end; d += 16, s += 16, q += 16) {
      const value = v128.load(d);
      v128.store(d, f32x4.mul(value, v128.load(s)));
      v128.store(q, f32x4.mul(value, v128.load(q)));
    }
  }
}

/**
 * The product of the Hessian's block of the layers `lowest` to `highest` with the direction that was spread to them: their part of the
 * gradient lanes.
 */
export function multiply(lowest: i32, highest: i32): void {
  for (let start = 0; start < groups; start += blockGroups) {
    const count = min(blockGroups, groups - start);
    for (let l = lowest; l <= layers; l++) {
      const inputs = unitsOf(l - 1), outputs = unitsOf(l), rz = valuesAt(RZ, l, start), v = at(DIRECTION, l);
      const isFree = l <= highest;
      if (isFree) forward(valuesAt(H, l - 1, start), v, v + matrixBytes(l), rz, inputs, outputs, count, false, false);
      if (l > lowest) forward(valuesAt(RH, l - 1, start), at(WEIGHTS, l), zeros, rz, inputs, outputs, count, isFree, false);
      if (l < layers) product(valuesAt(SLOPE, l, start), rz, valuesAt(RH, l, start), bytesOf(l, count));
    }
    lastDeltas(start, count);
    for (let l = layers; l >= lowest; l--) {
      const inputs = unitsOf(l - 1), outputs = unitsOf(l), rdelta = valuesAt(RDELTA, l, start);
      const isFree = l <= highest;
      if (isFree) addGradient(l, l > lowest, start, count);
      if (l == lowest) break;
      const rd = valuesAt(RDELTA, l - 1, start);
      if (isFree) backward(valuesAt(DELTA, l, start), at(DIRECTION, l), rd, 0, inputs, outputs, count, false, false);
      backward(rdelta, at(WEIGHTS, l), rd, 0, inputs, outputs, count, isFree, false);
      throughActivation(l - 1, start, count);
    }
  }
}

// @ts-ignore: decorator
@inline function product(a: usize, b: usize, target: usize, bytes: usize): void {
  for (const end = target + bytes; target < end; target += 16, a += 16, b += 16) v128.store(target, f32x4.mul(v128.load(a), v128.load(b)));
}

function lastDeltas(start: i32, count: i32): void {
  const outputs = unitsOf(layers);
  let rz = valuesAt(RZ, layers, start), rdelta = valuesAt(RDELTA, layers, start);
  for (let group = start; group < start + count; group++) {
    const mask = group == groups - 1 ? lastMask : i32x4.splat(-1);
    for (let j = 0; j < outputs; j++, rz += 16, rdelta += 16) v128.store(rdelta, v128.and(f32x4.mul(scale, v128.load(rz)), mask));
  }
}

function addGradient(l: i32, both: bool, start: i32, count: i32): void {
  const inputs = unitsOf(l - 1), outputs = unitsOf(l), g = at(GRADIENT, l), rdelta = valuesAt(RDELTA, l, start);
  const h = valuesAt(H, l - 1, start), first = start == 0, none = f32x4.splat(0);
  if (both) gradientOfPairs(rdelta, h, valuesAt(DELTA, l, start), valuesAt(RH, l - 1, start), g, first, inputs, outputs, count);
  else gradient(rdelta, h, g, 0, none, first, false, inputs, outputs, count);
  biasGradient(rdelta, g + matrixBytes(l), 0, none, first, false, outputs, count);
}

/** R{delta} = s R{d} + q R{z}, in place of R{d} */
function throughActivation(l: i32, start: i32, count: i32): void {
  let s = valuesAt(SLOPE, l, start), q = valuesAt(CURVATURE, l, start), rz = valuesAt(RZ, l, start), rd = valuesAt(RDELTA, l, start);
  for (const end = rd + bytesOf(l, count); rd < end; rd += 16, s += 16, q += 16, rz += 16) {
    const first = f32x4.mul(v128.load(s), v128.load(rd));
    v128.store(rd, f32x4.add(first, f32x4.mul(v128.load(q), v128.load(rz))));
  }
}
