import { constant, expNegative, ONE } from './functions';
import { address, factor, number } from './graph-operands';
import { BYTES } from './lanes';

/** Softmax and layer normalisation of rows of units, their derivatives and R of these. */

/** The sum of a row's products, in order, from 0. */
// @ts-ignore: decorator
@inline function dot(a: usize, b: usize, size: usize): v128 {
  let sum = f32x4.splat(0);
  for (let k: usize = 0; k < size; k += 64) sum = f32x4.add(sum, f32x4.mul(v128.load(a + k), v128.load(b + k)));
  return sum;
}

export function softmax(p: usize): void {
  const scale = factor(p, 4);
  let row = address(p, 2);
  for (const end = row + (<usize>number(p, 3) << 3); row < end; row += 8) {
    const size = <usize>load<u32>(row, 4) << 6, first = <usize>load<u32>(row);
    for (let v = first; v < first + 64; v += BYTES) {
      const s = address(p, 0) + v, a = address(p, 1) + v;
      let largest = v128.load(s), sum = f32x4.splat(0);
      for (let k: usize = 64; k < size; k += 64) largest = f32x4.pmax(largest, v128.load(s + k));
      for (let k: usize = 0; k < size; k += 64) {
        const exponential = expNegative(f32x4.mul(scale, f32x4.sub(largest, v128.load(s + k))));
        v128.store(a + k, exponential);
        sum = f32x4.add(sum, exponential);
      }
      for (let k: usize = 0; k < size; k += 64) v128.store(a + k, f32x4.div(v128.load(a + k), sum));
    }
  }
}

export function softmaxSlope(p: usize): void {
  const scale = factor(p, 5);
  let row = address(p, 3);
  for (const end = row + (<usize>number(p, 4) << 3); row < end; row += 8) {
    const size = <usize>load<u32>(row, 4) << 6, first = <usize>load<u32>(row);
    for (let w = first; w < first + 64; w += BYTES) {
      const a = address(p, 0) + w, v = address(p, 1) + w, target = address(p, 2) + w, t = dot(a, v, size);
      for (let k: usize = 0; k < size; k += 64) {
        v128.store(target + k, f32x4.mul(scale, f32x4.mul(v128.load(a + k), f32x4.sub(v128.load(v + k), t))));
      }
    }
  }
}

export function softmaxCurve(p: usize): void {
  const scale = factor(p, 6);
  let row = address(p, 4);
  for (const end = row + (<usize>number(p, 5) << 3); row < end; row += 8) {
    const size = <usize>load<u32>(row, 4) << 6, first = <usize>load<u32>(row);
    for (let w = first; w < first + 64; w += BYTES) {
      const a = address(p, 0) + w, v = address(p, 1) + w, ra = address(p, 2) + w, target = address(p, 3) + w;
      const t = dot(a, v, size), u = dot(ra, v, size);
      for (let k: usize = 0; k < size; k += 64) {
        const bent = f32x4.sub(f32x4.mul(v128.load(ra + k), f32x4.sub(v128.load(v + k), t)), f32x4.mul(v128.load(a + k), u));
        v128.store(target + k, f32x4.add(v128.load(target + k), f32x4.mul(scale, bent)));
      }
    }
  }
}

export function norm(p: usize): void {
  const length = number(p, 4), size = <usize>length << 6, count = f32x4.splat(<f32>length), epsilon = f32x4.splat(1e-5);
  let x = address(p, 0), y = address(p, 1), r = address(p, 2);
  for (let row = number(p, 3); row > 0; row--, x += size, y += size, r += 64) {
    for (let v: usize = 0; v < 64; v += BYTES) {
      let sum = f32x4.splat(0), squares = f32x4.splat(0);
      for (let k = v; k < size; k += 64) sum = f32x4.add(sum, v128.load(x + k));
      const mean = f32x4.div(sum, count);
      for (let k = v; k < size; k += 64) {
        const distance = f32x4.sub(v128.load(x + k), mean);
        squares = f32x4.add(squares, f32x4.mul(distance, distance));
      }
      const root = f32x4.div(constant(ONE), f32x4.sqrt(f32x4.add(f32x4.div(squares, count), epsilon)));
      v128.store(r + v, root);
      for (let k = v; k < size; k += 64) v128.store(y + k, f32x4.mul(f32x4.sub(v128.load(x + k), mean), root));
    }
  }
}

/** The mean of a row. */
// @ts-ignore: decorator
@inline function meanOf(v: usize, size: usize, count: v128): v128 {
  let sum = f32x4.splat(0);
  for (let k: usize = 0; k < size; k += 64) sum = f32x4.add(sum, v128.load(v + k));
  return f32x4.div(sum, count);
}

export function normSlope(p: usize): void {
  const length = number(p, 5), size = <usize>length << 6, count = f32x4.splat(<f32>length), adds = number(p, 6) == 2;
  let row = 0;
  for (const rows = number(p, 4); row < rows; row++) {
    for (let w: usize = 0; w < 64; w += BYTES) {
      const first = <usize>row * size + w, y = address(p, 0) + first, v = address(p, 2) + first, target = address(p, 3) + first;
      const r = v128.load(address(p, 1) + (<usize>row << 6) + w), mean = meanOf(v, size, count), along = f32x4.div(dot(v, y, size), count);
      for (let k: usize = 0; k < size; k += 64) {
        const value = f32x4.mul(r, f32x4.sub(f32x4.sub(v128.load(v + k), mean), f32x4.mul(v128.load(y + k), along)));
        if (adds) v128.store(target + k, f32x4.add(v128.load(target + k), value));
        else v128.store(target + k, value);
      }
    }
  }
}

export function normCurve(p: usize): void {
  const length = number(p, 7), size = <usize>length << 6, count = f32x4.splat(<f32>length);
  let row = 0;
  for (const rows = number(p, 6); row < rows; row++) {
    for (let w: usize = 0; w < 64; w += BYTES) {
      const first = <usize>row * size + w, y = address(p, 0) + first, v = address(p, 2) + first, rx = address(p, 3) + first, ry = address(p, 4) + first;
      const target = address(p, 5) + first, r = v128.load(address(p, 1) + (<usize>row << 6) + w), mean = meanOf(v, size, count);
      const along = f32x4.div(dot(v, y, size), count), turned = f32x4.div(dot(v, ry, size), count);
      const change = f32x4.mul(r, f32x4.div(dot(y, rx, size), count));
      for (let k: usize = 0; k < size; k += 64) {
        const value = v128.load(y + k), rest = f32x4.sub(f32x4.sub(v128.load(v + k), mean), f32x4.mul(value, along));
        const bent = f32x4.add(f32x4.mul(change, rest), f32x4.add(f32x4.mul(v128.load(ry + k), along), f32x4.mul(value, turned)));
        v128.store(target + k, f32x4.sub(v128.load(target + k), f32x4.mul(r, bent)));
      }
    }
  }
}
