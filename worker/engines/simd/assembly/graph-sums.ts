import { address, bytes, factor, number } from './graph-operands';
import { BYTES, pairSums } from './lanes';

/** Sums over examples, and the steps of networks that have their own lanes. */

export function sum(p: usize): void {
  const d = address(p, 2), g = address(p, 3), outputs = number(p, 4), step = bytes(p, 5);
  let record = address(p, 0);
  for (const end = record + (<usize>number(p, 1) << 3); record < end; record += 8) {
    let from = d + <usize>load<u32>(record), to = g + <usize>load<u32>(record, 4);
    for (let j = 0; j < outputs; j++, from += step, to += 64) {
      for (let v: usize = 0; v < 64; v += BYTES) v128.store(to + v, f32x4.add(v128.load(to + v), v128.load(from + v)));
    }
  }
}

// @ts-ignore: decorator
@inline function partial(s: usize, i: usize): f32 {
  return load<f32>(s + i) + load<f32>(s + i, 32) + (load<f32>(s + i, 16) + load<f32>(s + i, 48));
}

export function collectAll(g: usize, target: usize, count: i32): void {
  for (const end = target + (<usize>count << 2); target < end; target += 4, g += 64) {
    store<f32>(target, partial(g, 0) + partial(g, 8) + (partial(g, 4) + partial(g, 12)));
  }
}

export function totals(p: usize): void {
  const first = address(p, 0), end = first + (bytes(p, 1) << 6), check = address(p, 3);
  for (let bit = number(p, 2) >> 1; bit > 0; bit >>= 1) {
    for (let g = first; g < end; g += 64) pairSums(g, bit);
  }
  const zero = f32x4.splat(0);
  for (let v: usize = 0; v < 64; v += BYTES) {
    let sum = zero;
    for (let g = first; g < end; g += 64) sum = f32x4.add(sum, f32x4.mul(zero, v128.load(g + v)));
    v128.store(check + v, sum);
  }
}

/** Numbers of the optimisers: their places in DESCENTS of `graph/operations.ts`. */
const SGD = 0, NESTEROV = 2;

export function descend(p: usize): void {
  const kind = number(p, 5), mu = factor(p, 6), size = bytes(p, 4) << 6;
  for (let o: usize = 0; o < 64; o += BYTES) {
    const stepSize = v128.load(address(p, 3) + o);
    let w = address(p, 0) + o, v = address(p, 1) + o, g = address(p, 2) + o;
    for (const end = w + size; w < end; w += 64, v += 64, g += 64) {
      const slope = v128.load(g);
      let step = slope;
      if (kind != SGD) {
        step = f32x4.add(f32x4.mul(mu, v128.load(v)), slope);
        v128.store(v, step);
        if (kind == NESTEROV) step = f32x4.add(slope, f32x4.mul(mu, step));
      }
      v128.store(w, f32x4.sub(v128.load(w), f32x4.mul(stepSize, step)));
    }
  }
}
