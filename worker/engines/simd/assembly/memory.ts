import { BYTES, LANES } from './lanes';

/**
 * Where everything lies in linear memory, for one network shape at a time. Values of a network are `v128`, a lane each;
 * data are plain float32, the same for all lanes. Or `across`: the lanes are units of one network, see `across.ts`.
 */

const MAX_DEPTH: i32 = 1000;

// @ts-ignore: decorator
@inline const PER_LAYER = <i32>sizeof<usize>() * (MAX_DEPTH + 1);

const unitsTable = memory.data(PER_LAYER);
const columnsTable = memory.data(PER_LAYER);
const weightsTable = memory.data(PER_LAYER);
const gradientsTable = memory.data(PER_LAYER);
const velocitiesTable = memory.data(PER_LAYER);
const activationsTable = memory.data(PER_LAYER);
const preactivationsTable = memory.data(PER_LAYER);
const deltasTable = memory.data(PER_LAYER);

export let depth: i32 = 0;
/** losses that there is room for */
export let capacity: i32 = 0;
export let examples: i32 = 0;
/** Are the lanes units of one network? */
export let across: bool = false;
/** only then: a layer's weights [output][input], zeros for a row of them, and the last layer's values with the examples as lanes */
export let swapped: usize = 0;
export let zeros: usize = 0;
export let turned: usize = 0;
/** examples that go through all layers together, so that their activations stay in a cache */
export let block: i32 = 0;
/** examples gathered at once, a lane each */
export let window: i32 = 0;
/** inputs that the first layer takes at once, so that they and their weights stay in a cache */
export let chunk: i32 = 0;
/** inputs and targets of the window, `v128`; the inputs chunk by chunk */
export let windowX: usize = 0;
export let windowY: usize = 0;
/** inputs [example][input] and targets [example][output], float32 */
export let x: usize = 0;
export let y: usize = 0;
/** example of each position of the pass, int32, a lane each */
export let order: usize = 0;
export let losses: usize = 0;
/** the losses again, for each lane its own, one after the other */
export let trainings: usize = 0;
/** each lane's own: of each layer a vector for its weights, then one for its biases */
export let stepSizes: usize = 0;
/** names and words of the lanes' streams of random numbers: see `random.ts` */
export let streams: usize = 0;
export let words: usize = 0;
/** of a reduced problem: the first layer's weights before the reduction and after, float32, and Q, float64; see `project` */
export let fullWeights: usize = 0;
export let projected: usize = 0;
export let q: usize = 0;

// @ts-ignore: decorator
@inline function get(table: usize, layer: i32): usize {
  return load<usize>(table + <usize>layer * sizeof<usize>());
}

// @ts-ignore: decorator
@inline function put(table: usize, layer: i32, value: f64): void {
  store<usize>(table + <usize>layer * sizeof<usize>(), <usize>value);
}

/** units of layer l; layer 0 is the input */
export function units(l: i32): i32 {
  return <i32>get(unitsTable, l);
}
/** vectors of a row of layer l's values: a unit each, or as many as its units fill */
export function columns(l: i32): i32 {
  return <i32>get(columnsTable, l);
}
/** weights [input][output] into layer l, then its biases */
export function weights(l: i32): usize {
  return get(weightsTable, l);
}
/** gradients of the above, summed over the blocks of a batch so far */
export function gradients(l: i32): usize {
  return get(gradientsTable, l);
}
/** velocities of the weights and biases, for the optimisers that have them */
export function velocities(l: i32): usize {
  return get(velocitiesTable, l);
}
/** activations [example][unit] of a block; of layer 0, see `windowX` */
export function activations(l: i32): usize {
  return get(activationsTable, l);
}
/** preactivations of a block, for the activations that need them again */
export function preactivations(l: i32): usize {
  return get(preactivationsTable, l);
}
/** loss gradients with respect to the preactivations [example][unit] of a block */
export function deltas(l: i32): usize {
  return get(deltasTable, l);
}

/**
 * Lays out the memory of one shape and returns its size in bytes, as float64, so that the caller sees when it is beyond
 * 2^32. The caller grows the memory.
 */
export function layout(
  layers: i32, inputs: i32, width: i32, outputs: i32, n: i32, blockSize: i32, windowSize: i32, chunkSize: i32, iterations: i32, keepPreactivations: bool,
  keepVelocities: bool, unitsAcross: bool,
): f64 {
  depth = layers;
  capacity = iterations;
  examples = n;
  block = blockSize;
  window = windowSize;
  chunk = chunkSize;
  across = unitsAcross;
  let widest: f64 = 0, largest: f64 = 0;
  let p: f64 = Math.ceil(<f64>__heap_base / 64) * 64;
  for (let l = 0; l <= layers; l++) {
    const u = l == 0 ? inputs : l == layers ? outputs : width;
    put(unitsTable, l, u);
    put(columnsTable, l, across ? filled(u) : u);
    if (l == 0) continue;
    const row = <f64>BYTES * columns(l);
    const values = row * blockSize;
    const parameters = row * (<f64>units(l - 1) + 1);
    widest = max(widest, row);
    if (l > 1) largest = max(largest, <f64>BYTES * columns(l - 1) * (u + LANES));
    put(activationsTable, l, p);
    p += values;
    put(deltasTable, l, p);
    p += values;
    put(preactivationsTable, l, p);
    if (keepPreactivations) p += values;
    put(weightsTable, l, p);
    p += parameters;
    put(gradientsTable, l, p);
    p += parameters;
    put(velocitiesTable, l, p);
    if (keepVelocities) p += parameters;
  }
  stepSizes = <usize>p;
  p += <f64>BYTES * 2 * layers;
  p = layoutStreams(p);
  trainings = <usize>p;
  p += <f64>BYTES * iterations;
  losses = <usize>p;
  p += <f64>BYTES * iterations;
  windowX = <usize>p;
  p += across ? 4.0 * blockSize * inputs : <f64>BYTES * windowSize * inputs;
  windowY = <usize>p;
  if (!across) p += <f64>BYTES * windowSize * outputs;
  p = Math.ceil(p / 64) * 64;
  swapped = <usize>p;
  if (across) p += largest;
  zeros = <usize>p;
  if (across) p += widest;
  turned = <usize>p;
  if (across) p += <f64>BYTES * (3 * outputs + 1);
  order = <usize>p;
  p += <f64>BYTES * n;
  x = <usize>p;
  p += 4.0 * n * inputs;
  y = <usize>p;
  p += 4.0 * n * outputs;
  return p;
}

/** Lays out at `p` what draws random numbers, and returns the end. */
export function layoutStreams(p: f64): f64 {
  streams = <usize>p;
  words = streams + 4 * BYTES;
  return p + <f64>BYTES * 8;
}

/** Vectors that hold a row of units; an odd number of those of many, since rows a power of two apart compete for their places in a cache. */
function filled(u: i32): i32 {
  const vectors = (u + LANES - 1) / LANES;
  return ((<usize>vectors * BYTES) & 1023) == 0 ? vectors + 1 : vectors;
}

/** Lays out behind `p` what a reduction needs, and returns the end. */
export function layoutReduction(p: f64, rows: i32, inputs: i32, columns: i32): f64 {
  p = Math.ceil(p / 16) * 16;
  q = <usize>p;
  p += 8.0 * inputs * columns;
  fullWeights = <usize>p;
  p += 4.0 * rows * inputs;
  projected = <usize>p;
  p += 4.0 * rows * columns;
  return p;
}
