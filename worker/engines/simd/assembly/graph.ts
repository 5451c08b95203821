import { activate } from './activations';
import { constant, expNegative, HALF, log, ONE } from './functions';
import {
  ACTIVATE, ADD, CLEAR, COLLECT, CONTRIBUTE, COPY, LOGITS, NORM, NORM_CURVE, NORM_SLOPE, PAIR, POOL, R_DELTA, R_LOGITS, R_SQUARES, R_THROUGH_SLOPE, RELU,
  SOFTMAX, SOFTMAX_CURVE, SOFTMAX_SLOPE, SQUARES, SUM, THROUGH_SLOPE, UNPOOL, WEIGH,
} from './kinds';
import { BYTES } from './lanes';
import { contribute, pair, rDelta, rThroughSlope, throughSlope, weigh } from './tiles';

/**
 * The interpreter of graphs. What each operation computes, in which order, is in `graph/reference.ts`. Values lie [unit][16 examples]: a unit's are
 * a cache line, in one vector or several.
 */

/** Where the arena begins; operands are bytes from there. */
export let arena: usize = 0;

/** Returns the end in bytes, as float64: the caller sees when it is beyond 2^32, and grows the memory. */
export function layoutGraph(bytes: f64): f64 {
  const start = Math.ceil(<f64>__heap_base / 64) * 64;
  arena = <usize>start;
  return start + bytes;
}

// @ts-ignore: decorator
@inline const INSTRUCTION: usize = 64;

/** Operand k of an instruction: a number, or an address. */
// @ts-ignore: decorator
@inline function number(p: usize, k: i32): i32 {
  return load<i32>(p + (<usize>(k + 1) << 2));
}
// @ts-ignore: decorator
@inline function bytes(p: usize, k: i32): usize {
  return <usize>load<u32>(p + (<usize>(k + 1) << 2));
}
// @ts-ignore: decorator
@inline function address(p: usize, k: i32): usize {
  return arena + bytes(p, k);
}
// @ts-ignore: decorator
@inline function factor(p: usize, k: i32): v128 {
  return v128.load32_splat(p + (<usize>(k + 1) << 2));
}

export function execute(program: usize, instructions: i32, quad: i32): void {
  let p = arena + program;
  for (const end = p + <usize>instructions * INSTRUCTION; p < end; p += INSTRUCTION) {
    switch (load<i32>(p)) {
      case COPY: copy(address(p, 0), address(p, 1) + <usize>quad * bytes(p, 3), bytes(p, 2) << 6); break;
      case CLEAR: memory.fill(address(p, 0), 0, bytes(p, 1) << 6); break;
      case WEIGH: weigh(arena, address(p, 0), number(p, 1), address(p, 2), address(p, 3), address(p, 4), address(p, 5), bytes(p, 6), bytes(p, 7), number(p, 8)); break;
      case PAIR: pair(arena, address(p, 0), number(p, 1), address(p, 2), address(p, 3), address(p, 4), address(p, 5), bytes(p, 6), bytes(p, 7), number(p, 8)); break;
      case CONTRIBUTE: contribute(address(p, 0), number(p, 1), address(p, 2), address(p, 3), address(p, 4), number(p, 5), bytes(p, 6), bytes(p, 7), number(p, 8), bytes(p, 9), bytes(p, 10)); break;
      case SUM: sum(p); break;
      case ACTIVATE: activateAll(number(p, 0), address(p, 1), address(p, 2), bytes(p, 3) << 6); break;
      case THROUGH_SLOPE: throughSlope(number(p, 0), address(p, 1), address(p, 2), address(p, 3), address(p, 4), bytes(p, 5) << 6); break;
      case R_THROUGH_SLOPE: rThroughSlope(number(p, 0), address(p, 1), address(p, 2), address(p, 3), address(p, 4), bytes(p, 5) << 6); break;
      case R_DELTA: rDelta(number(p, 0), address(p, 1), address(p, 2), address(p, 3), address(p, 4), address(p, 5), address(p, 6), bytes(p, 7) << 6); break;
      case POOL: pool(address(p, 0), address(p, 1), number(p, 2), number(p, 3)); break;
      case UNPOOL: unpool(address(p, 0), address(p, 1), number(p, 2), number(p, 3)); break;
      case SQUARES: squares(p); break;
      case R_SQUARES: rSquares(p); break;
      case LOGITS: logits(p); break;
      case R_LOGITS: rLogits(p); break;
      case COLLECT: collectAll(address(p, 0), address(p, 1), number(p, 2)); break;
      case ADD: add(address(p, 0), address(p, 1), address(p, 2), bytes(p, 3) << 6); break;
      case SOFTMAX: softmax(p); break;
      case SOFTMAX_SLOPE: softmaxSlope(p); break;
      case SOFTMAX_CURVE: softmaxCurve(p); break;
      case NORM: norm(p); break;
      case NORM_SLOPE: normSlope(p); break;
      case NORM_CURVE: normCurve(p); break;
    }
  }
}

function copy(to: usize, from: usize, size: usize): void {
  for (const end = to + size; to < end; to += BYTES, from += BYTES) v128.store(to, v128.load(from));
}

function sum(p: usize): void {
  const d = address(p, 2), g = address(p, 3), outputs = number(p, 4), step = bytes(p, 5);
  let record = address(p, 0);
  for (const end = record + (<usize>number(p, 1) << 3); record < end; record += 8) {
    let from = d + <usize>load<u32>(record), to = g + <usize>load<u32>(record, 4);
    for (let j = 0; j < outputs; j++, from += step, to += 64) {
      for (let v: usize = 0; v < 64; v += BYTES) v128.store(to + v, f32x4.add(v128.load(to + v), v128.load(from + v)));
    }
  }
}

function activateAll(kind: i32, h: usize, z: usize, size: usize): void {
  if (kind != RELU) return activate(kind, h, z, size);
  for (const end = h + size; h < end; h += BYTES) v128.store(h, f32x4.pmax(v128.load(h), f32x4.splat(0)));
}

function pool(from: usize, to: usize, channels: i32, side: i32): void {
  const half = side >> 1, row = <usize>side << 6, quarter = f32x4.mul(constant(HALF), constant(HALF));
  for (let c = 0; c < channels; c++, from += <usize>side * row) {
    for (let y = 0; y < half; y++) {
      let a = from + <usize>(2 * y) * row;
      for (const end = to + (<usize>half << 6); to < end; a += 64) {
        for (let v: usize = 0; v < 64; v += BYTES, to += BYTES) {
          const above = f32x4.add(v128.load(a + v), v128.load(a + v, 64)), below = f32x4.add(v128.load(a + row + v), v128.load(a + row + v, 64));
          v128.store(to, f32x4.mul(quarter, f32x4.add(above, below)));
        }
        a += 64;
      }
    }
  }
}

function unpool(from: usize, to: usize, channels: i32, side: i32): void {
  const half = side >> 1, row = <usize>side << 6, quarter = f32x4.mul(constant(HALF), constant(HALF));
  if ((side & 1) == 1) memory.fill(to, 0, <usize>channels * <usize>side * row);
  for (let c = 0; c < channels; c++, to += <usize>side * row) {
    for (let y = 0; y < half; y++) {
      let a = to + <usize>(2 * y) * row;
      for (const end = from + (<usize>half << 6); from < end; a += 64) {
        for (let v: usize = 0; v < 64; v += BYTES, from += BYTES) {
          const share = f32x4.mul(quarter, v128.load(from));
          v128.store(a + v, share);
          v128.store(a + v, share, 64);
          v128.store(a + row + v, share);
          v128.store(a + row + v, share, 64);
        }
        a += 64;
      }
    }
  }
}

function squares(p: usize): void {
  const z = address(p, 0), y = address(p, 1), mask = address(p, 2), d = address(p, 3), loss = address(p, 4), scale = factor(p, 6), size = bytes(p, 5) << 6;
  for (let v: usize = 0; v < 64; v += BYTES) {
    const isExample = v128.load(mask + v);
    let total = f32x4.splat(0);
    for (let k = v; k < size; k += 64) {
      const residual = v128.and(f32x4.sub(v128.load(z + k), v128.load(y + k)), isExample);
      total = f32x4.add(total, f32x4.mul(residual, residual));
      v128.store(d + k, f32x4.mul(scale, residual));
    }
    v128.store(loss + v, f32x4.add(v128.load(loss + v), total));
  }
}

function rSquares(p: usize): void {
  const rz = address(p, 0), mask = address(p, 1), rd = address(p, 2), scale = factor(p, 4), size = bytes(p, 3) << 6;
  for (let v: usize = 0; v < 64; v += BYTES) {
    const isExample = v128.load(mask + v);
    for (let k = v; k < size; k += 64) v128.store(rd + k, v128.and(f32x4.mul(scale, v128.load(rz + k)), isExample));
  }
}

function logits(p: usize): void {
  const scale = factor(p, 8), classes = bytes(p, 7) << 6;
  for (let v: usize = 0; v < 64; v += BYTES) {
    const isExample = v128.load(address(p, 2) + v), target = address(p, 5) + v;
    let z = address(p, 0) + v, y = address(p, 1) + v, probabilities = address(p, 3) + v, d = address(p, 4) + v, total = f32x4.splat(0);
    for (let row = number(p, 6); row > 0; row--, z += classes, y += classes, probabilities += classes, d += classes) {
      let largest = v128.load(z);
      for (let k: usize = 64; k < classes; k += 64) largest = f32x4.pmax(largest, v128.load(z + k));
      let s = f32x4.splat(0), mass = f32x4.splat(0), t = f32x4.splat(0);
      for (let k: usize = 0; k < classes; k += 64) {
        const label = v128.load(y + k), a = f32x4.sub(largest, v128.load(z + k)), exponential = expNegative(a);
        v128.store(probabilities + k, exponential);
        s = f32x4.add(s, exponential);
        mass = f32x4.add(mass, label);
        t = f32x4.add(t, f32x4.mul(label, a));
      }
      const r = f32x4.div(mass, s);
      for (let k: usize = 0; k < classes; k += 64) {
        const probability = f32x4.mul(v128.load(probabilities + k), r);
        v128.store(probabilities + k, probability);
        v128.store(d + k, v128.and(f32x4.mul(scale, f32x4.sub(probability, v128.load(y + k))), isExample));
      }
      total = f32x4.add(total, f32x4.add(f32x4.mul(mass, log(s)), t));
    }
    v128.store(target, f32x4.add(v128.load(target), v128.and(total, isExample)));
  }
}

function rLogits(p: usize): void {
  const scale = factor(p, 6), classes = bytes(p, 5) << 6;
  for (let v: usize = 0; v < 64; v += BYTES) {
    const isExample = v128.load(address(p, 2) + v);
    let probabilities = address(p, 0) + v, rz = address(p, 1) + v, rd = address(p, 3) + v;
    for (let row = number(p, 4); row > 0; row--, probabilities += classes, rz += classes, rd += classes) {
      let mean = f32x4.splat(0);
      for (let k: usize = 0; k < classes; k += 64) mean = f32x4.add(mean, f32x4.mul(v128.load(probabilities + k), v128.load(rz + k)));
      for (let k: usize = 0; k < classes; k += 64) {
        const bent = f32x4.mul(v128.load(probabilities + k), f32x4.sub(v128.load(rz + k), mean));
        v128.store(rd + k, v128.and(f32x4.mul(scale, bent), isExample));
      }
    }
  }
}

// @ts-ignore: decorator
@inline function partial(s: usize, i: usize): f32 {
  return load<f32>(s + i) + load<f32>(s + i, 32) + (load<f32>(s + i, 16) + load<f32>(s + i, 48));
}

function collectAll(g: usize, target: usize, count: i32): void {
  for (const end = target + (<usize>count << 2); target < end; target += 4, g += 64) {
    store<f32>(target, partial(g, 0) + partial(g, 8) + (partial(g, 4) + partial(g, 12)));
  }
}

function add(target: usize, a: usize, b: usize, size: usize): void {
  for (const end = target + size; target < end; target += BYTES, a += BYTES, b += BYTES) {
    v128.store(target, f32x4.add(v128.load(a), v128.load(b)));
  }
}

/** The sum of a row's products, in order, from 0. */
// @ts-ignore: decorator
@inline function dot(a: usize, b: usize, size: usize): v128 {
  let sum = f32x4.splat(0);
  for (let k: usize = 0; k < size; k += 64) sum = f32x4.add(sum, f32x4.mul(v128.load(a + k), v128.load(b + k)));
  return sum;
}

function softmax(p: usize): void {
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

function softmaxSlope(p: usize): void {
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

function softmaxCurve(p: usize): void {
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

function norm(p: usize): void {
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

function normSlope(p: usize): void {
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

function normCurve(p: usize): void {
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
