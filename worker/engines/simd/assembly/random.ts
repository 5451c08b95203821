import { arena } from './graph-operands';
import { BYTES, LANES, mulHigh } from './lanes';
import { across, columns, examples, order, streams, units, weights, words } from './memory';

/** What a stream is for: the numbers of `shared/random/stream.ts`. */
const INITIALIZATION: i32 = 4, ORDER: i32 = 5;

/**
 * Four words of every lane's stream, those of the lane's block, at `words`: Philox4x32-10 as in `shared/random/philox.ts`. The lanes' keys, runs and rungs are at
 * `streams`, a vector of each: seed mod 2^32, seed / 2^32, run, rung.
 */
function draw(blocks: v128, second: i32): void {
  let k0 = v128.load(streams), k1 = v128.load(streams, BYTES);
  let c0 = blocks, c1 = i32x4.splat(second), c2 = v128.load(streams, 2 * BYTES), c3 = v128.load(streams, 3 * BYTES);
  const weyl0 = i32x4.splat(<i32>0x9e3779b9), weyl1 = i32x4.splat(<i32>0xbb67ae85);
  const multiplier0 = i32x4.splat(<i32>0xd2511f53), multiplier1 = i32x4.splat(<i32>0xcd9e8d57);
  for (let round = 0; round < 10; round++) {
    const high0 = mulHigh(multiplier0, c0), high1 = mulHigh(multiplier1, c2);
    const low0 = i32x4.mul(multiplier0, c0), low1 = i32x4.mul(multiplier1, c2);
    c0 = v128.xor(v128.xor(high1, c1), k0);
    c1 = low1;
    c2 = v128.xor(v128.xor(high0, c3), k1);
    c3 = low0;
    k0 = i32x4.add(k0, weyl0);
    k1 = i32x4.add(k1, weyl1);
  }
  v128.store(words, c0);
  v128.store(words, c1, BYTES);
  v128.store(words, c2, 2 * BYTES);
  v128.store(words, c3, 3 * BYTES);
}

// @ts-ignore: decorator
@inline function uniform(word: u32, scale: f64): f32 {
  const u = (<f64>word + 0.5) * 2.3283064365386963e-10;
  return <f32>(scale * (2 * u - 1));
}

/** A parameter of every lane from the k-th word of the stream, uniform in (-scale, scale); in float64, rounded once, as in `initialize.ts`. */
// @ts-ignore: decorator
@inline function place(target: usize, k: i32, second: i32, scale: f64): void {
  if ((k & 3) == 0) draw(i32x4.splat(k >> 2), second);
  const p = words + <usize>(k & 3) * BYTES;
  for (let lane = 0; lane < LANES; lane++) {
    store<f32>(target + (<usize>lane << 2), uniform(load<u32>(p + (<usize>lane << 2)), scale));
  }
}

/** The same of one network: its stream's numbers for [output][input], a block in each lane at a time, to [input][output] with rows of `row` bytes. */
function drawAcross(target: usize, row: usize, inputs: i32, outputs: i32, second: i32, scale: f64): void {
  let i = 0, j = 0;
  for (let block = 0; j < outputs; block += LANES) {
    for (let lane = 0; lane < LANES; lane++) store<i32>(words + (<usize>lane << 2), block + lane);
    draw(v128.load(words), second);
    for (let k: usize = 0; k < 4 * BYTES && j < outputs; k += 4) {
      // word k mod 4 of block k / 4
      const word = load<u32>(words + ((k >> 2) & 3) * BYTES + ((k >> 4) << 2));
      store<f32>(target + <usize>i * row + (<usize>j << 2), uniform(word, scale));
      if (++i == inputs) {
        i = 0;
        j++;
      }
    }
  }
}

/** Initial weights of layer l, uniform in (-scale, scale), and its biases: likewise, or 0. The stream has the weights [output][input]. */
export function drawLayer(l: i32, scale: f64, drawsBiases: bool): void {
  const inputs = units(l - 1), outputs = units(l), row = <usize>columns(l) * BYTES;
  const part = 2 * (l - 1), ofWeights = INITIALIZATION | (part << 8), ofBiases = INITIALIZATION | ((part + 1) << 8);
  const biases = weights(l) + <usize>inputs * row;
  if (across) {
    drawAcross(weights(l), row, inputs, outputs, ofWeights, scale);
    if (drawsBiases) drawAcross(biases, row, 1, outputs, ofBiases, scale);
    else memory.fill(biases, 0, row);
    return;
  }
  let k = 0;
  for (let w = weights(l), end = w + row; w < end; w += BYTES) {
    for (let p = w; p < w + <usize>inputs * row; p += row, k++) place(p, k, ofWeights, scale);
  }
  if (!drawsBiases) memory.fill(biases, 0, row);
  else for (let j = 0; j < outputs; j++) place(biases + <usize>j * BYTES, j, ofBiases, scale);
}

/** `count` initial parameters of a graph, uniform in (-scale, scale), to its arena: those of the lanes' side by side, each `step` bytes. */
export function drawUniform(to: usize, step: usize, count: i32, part: i32, scale: f64): void {
  let target = arena + to;
  for (let k = 0; k < count; k++, target += step) place(target, k, INITIALIZATION | (part << 8), scale);
}

/** The order of the examples in a pass, as in `order.ts`, of every lane. */
export function shuffle(pass: i32): void {
  let p = order;
  for (let i = 0; i < examples; i++, p += BYTES) v128.store(p, i32x4.splat(i));
  for (let i = examples - 1, k = 0; i > 0; i--, k++) {
    p -= BYTES;
    if ((k & 3) == 0) draw(i32x4.splat(k >> 2), ORDER | (pass << 8));
    const q = words + <usize>(k & 3) * BYTES;
    v128.store(q, mulHigh(v128.load(q), i32x4.splat(i + 1)));
    for (let lane: usize = 0; lane < BYTES; lane += 4) {
      const other = order + <usize>load<u32>(q + lane) * BYTES + lane;
      const swapped = load<i32>(p + lane);
      store<i32>(p + lane, load<i32>(other));
      store<i32>(other, swapped);
    }
  }
}
