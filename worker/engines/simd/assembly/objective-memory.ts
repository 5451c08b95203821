/**
 * Where everything of an objective lies, for one network and its data: like `memory.ts`, but the lanes are four examples of one network,
 * and the values of all examples are kept, for the products with the Hessian.
 */

const MAX_LAYERS = 1001;
// @ts-ignore: decorator
@inline const ARRAYS = 11;

/** What there is of each layer; parameters are [input][output], then the biases, and values are [group][unit]. */
// @ts-ignore: decorator
@inline export const
  UNITS = 0, WEIGHTS = 1, DIRECTION = 2, GRADIENT = 3, H = 4, SLOPE = 5, CURVATURE = 6, DELTA = 7, RZ = 8, RH = 9, RDELTA = 10;

const table = memory.data(4 * MAX_LAYERS * ARRAYS);

export let layers: i32 = 0;
/** of four examples each */
export let groups: i32 = 0;
/** groups that pass through the layers together */
export let blockGroups: i32 = 0;
/** targets [group][output] */
export let targets: usize = 0;
/** parameters or a gradient, float32, as in `blocksOf` */
export let flat: usize = 0;
/** as many zeros as a layer has units */
export let zeros: usize = 0;

// @ts-ignore: decorator
@inline export function at(array: i32, layer: i32): usize {
  return load<u32>(table + (<usize>(layer * ARRAYS + array) << 2));
}

// @ts-ignore: decorator
@inline export function unitsOf(layer: i32): i32 {
  return load<i32>(table + (<usize>(layer * ARRAYS + UNITS) << 2));
}

function put(array: i32, layer: i32, value: f64): void {
  store<u32>(table + (<usize>(layer * ARRAYS + array) << 2), <u32>value);
}

/** Returns the end in bytes, as float64: the caller sees when it is beyond 2^32, and grows the memory. */
export function layoutObjective(depth: i32, inputs: i32, width: i32, outputs: i32, exampleGroups: i32, block: i32): f64 {
  layers = depth;
  groups = exampleGroups;
  blockGroups = block;
  let p: f64 = Math.ceil(<f64>__heap_base / 64) * 64;
  let parameters: f64 = 0, widest = 0;
  for (let l = 0; l <= depth; l++) {
    const u = l == 0 ? inputs : l == depth ? outputs : width;
    store<i32>(table + (<usize>(l * ARRAYS + UNITS) << 2), u);
    widest = max(widest, u);
    for (let array = l == 0 ? H : WEIGHTS; array < (l == 0 ? SLOPE : ARRAYS); array++) {
      put(array, l, p);
      if (array < H) p += 16.0 * u * (<f64>unitsOf(l - 1) + 1);
      else p += 16.0 * u * exampleGroups;
    }
    if (l > 0) parameters += <f64>u * (<f64>unitsOf(l - 1) + 1);
  }
  targets = <usize>p;
  p += 16.0 * outputs * exampleGroups;
  flat = <usize>p;
  p += 16.0 * Math.ceil(parameters / 4);
  zeros = <usize>p;
  return p + 16.0 * widest;
}
