import { LINEAR } from './kinds';
import { keepsCurvature, keepsSlope } from './tiles';

/**
 * Where everything of an objective lies, for one network and its data: unlike in `memory.ts` the lanes are examples of one network, and
 * what the products with the Hessian need is kept of all of them. Values lie [quad][unit][16 examples], parameters as in `blocksOf`; see
 * `objective-tiles.mjs`.
 */

const MAX_LAYERS = 1001;
/** directions that are multiplied side by side at most */
const MAX_SLOTS = 4;
// @ts-ignore: decorator
@inline const ARRAYS = 9;

/**
 * What there is of each layer: its units, the place of its parameters among all, and the addresses of arrays of values. RZ, RH and RDELTA
 * hold one block of examples, the others all examples. SLOPE of GELU holds z until `throughSlope`. The last layer's H is z, and its
 * CURVATURE holds the exponentials of the cross-entropy.
 */
// @ts-ignore: decorator
@inline export const
  UNITS = 0, OFFSET = 1, H = 2, SLOPE = 3, CURVATURE = 4, DELTA = 5, RZ = 6, RH = 7, RDELTA = 8;

const table = memory.data(<i32>sizeof<usize>() * MAX_LAYERS * ARRAYS);
const ranges = memory.data(16 * MAX_SLOTS);

export let kind: i32 = 0;
/** the loss, if not the mean squared error */
export let isCrossEntropy: bool = false;
export let layers: i32 = 0;
export let examples: i32 = 0;
export let quads: i32 = 0;
/** quads that pass through the layers together */
export let blockQuads: i32 = 0;
/** inputs that the first layer takes at once, so that they stay in the first-level cache; the last chunk may have fewer */
export let chunk: i32 = 0;
/** inputs [chunk][quad][input of the chunk][16 examples] */
export let inputs: usize = 0;
/** targets [quad][output][16 examples] */
export let targets: usize = 0;
/** the last layer's values, [quad][output][16 examples] */
export let predictions: usize = 0;
/** the losses of the examples of a block */
export let losses: usize = 0;
/** the parameters, float32 */
export let parameters: usize = 0;
/** a direction for each slot, float32; `collect` puts the product in its place, and the gradient in that of slot 0 */
export let directions: usize = 0;
/** as many zeros as a layer has units, float32 */
export let zeros: usize = 0;
/** four partial sums of each parameter's gradient, for each slot */
let gradients: usize = 0;
let size: usize = 0;

// @ts-ignore: decorator
@inline function get(what: i32, layer: i32): usize {
  return load<usize>(table + <usize>(layer * ARRAYS + what) * sizeof<usize>());
}

// @ts-ignore: decorator
@inline export function unitsOf(layer: i32): i32 {
  return <i32>get(UNITS, layer);
}

/** Of an array that holds one block. */
// @ts-ignore: decorator
@inline export function scratch(array: i32, layer: i32): usize {
  return get(array, layer);
}

/** Of an array that holds all examples, from a quad on. */
// @ts-ignore: decorator
@inline export function valuesAt(array: i32, layer: i32, quad: i32): usize {
  return get(array, layer) + ((<usize>quad * <usize>unitsOf(layer)) << 6);
}

export function inputsAt(quad: i32, input: i32): usize {
  return inputs + ((<usize>input * <usize>quads + <usize>quad * <usize>chunkInputs(input)) << 6);
}

/** How many inputs the chunk has that begins with this one. */
export function chunkInputs(input: i32): i32 {
  return min(chunk, unitsOf(0) - input);
}

// @ts-ignore: decorator
@inline export function weightsOf(layer: i32): usize {
  return parameters + (get(OFFSET, layer) << 2);
}

// @ts-ignore: decorator
@inline export function directionOf(slot: i32, layer: i32): usize {
  return directions + ((<usize>slot * size + get(OFFSET, layer)) << 2);
}

// @ts-ignore: decorator
@inline export function gradientOf(slot: i32, layer: i32): usize {
  return gradients + ((<usize>slot * size + get(OFFSET, layer)) << 4);
}

/** The layers that a slot's direction is of, and whether the Gauss-Newton matrix is multiplied with it. */
export function setRange(slot: i32, lowest: i32, highest: i32, gaussNewton: bool): void {
  const range = ranges + (<usize>slot << 4);
  store<i32>(range, lowest);
  store<i32>(range, highest, 4);
  store<i32>(range, gaussNewton ? 1 : 0, 8);
}
export function lowestOf(slot: i32): i32 {
  return load<i32>(ranges + (<usize>slot << 4));
}
export function highestOf(slot: i32): i32 {
  return load<i32>(ranges + (<usize>slot << 4), 4);
}
export function isGaussNewton(slot: i32): bool {
  return load<i32>(ranges + (<usize>slot << 4), 8) != 0;
}

/** Lays out and returns the end in bytes, as float64: the caller sees when it is beyond 2^32, and grows the memory. */
export function layoutObjective(
  activation: i32, crossEntropy: bool, depth: i32, inputCount: i32, width: i32, outputs: i32, count: i32, block: i32, chunkSize: i32, slots: i32,
): f64 {
  kind = activation;
  isCrossEntropy = crossEntropy;
  layers = depth;
  examples = count;
  quads = (count + 15) / 16;
  blockQuads = block;
  chunk = chunkSize;
  let p: f64 = Math.ceil(<f64>__heap_base / 64) * 64;
  let total: f64 = 0, widest = 0;
  for (let l = 0; l <= depth; l++) {
    const units = l == 0 ? inputCount : l == depth ? outputs : width;
    put(UNITS, l, units);
    widest = max(widest, units);
    const values = 64.0 * units * quads, ofBlock = 64.0 * units * blockQuads;
    if (l == 0) {
      inputs = <usize>p;
      p += values;
      continue;
    }
    put(OFFSET, l, total);
    total += <f64>units * (<f64>unitsOf(l - 1) + 1);
    const hidden = l < depth;
    if (!hidden) predictions = <usize>p;
    p = array(H, l, p, values);
    p = array(DELTA, l, p, values);
    p = array(SLOPE, l, p, hidden && keepsSlope(activation) ? values : 0);
    p = array(CURVATURE, l, p, (hidden ? keepsCurvature(activation) : crossEntropy) ? values : 0);
    p = array(RZ, l, p, ofBlock);
    // R{h} is R{z} where the slope is 1
    p = activation == LINEAR ? array(RH, l, p - ofBlock, ofBlock) : array(RH, l, p, ofBlock);
    p = array(RDELTA, l, p, ofBlock);
  }
  size = <usize>total;
  targets = <usize>p;
  p += 64.0 * outputs * quads;
  losses = <usize>p;
  p += 64.0 * blockQuads;
  gradients = <usize>p;
  p += 16.0 * total * slots;
  parameters = <usize>p;
  p += 4.0 * total;
  directions = <usize>p;
  p += 4.0 * total * slots;
  zeros = <usize>p;
  return p + 4.0 * widest;
}

function put(what: i32, layer: i32, value: f64): void {
  store<usize>(table + <usize>(layer * ARRAYS + what) * sizeof<usize>(), <usize>value);
}

function array(what: i32, layer: i32, start: f64, bytes: f64): f64 {
  put(what, layer, start);
  return start + bytes;
}
