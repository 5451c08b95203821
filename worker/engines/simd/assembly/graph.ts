import { activate } from './activations';
import { constant, HALF } from './functions';
import { logits, rLogits, rSquares, squares } from './graph-losses';
import { address, arena, bytes, INSTRUCTION, number } from './graph-operands';
import { norm, normCurve, normSlope, softmax, softmaxCurve, softmaxSlope } from './graph-rows';
import { collectAll, descend, sum, totals } from './graph-sums';
import {
  ACTIVATE, ADD, CLEAR, COLLECT, CONTRIBUTE, COPY, DESCEND, LOGITS, NORM, NORM_CURVE, NORM_SLOPE, PAIR, POOL, R_DELTA, R_LOGITS, R_SQUARES, R_THROUGH_SLOPE,
  RELU, SOFTMAX, SOFTMAX_CURVE, SOFTMAX_SLOPE, SQUARES, SUM, THROUGH_SLOPE, TOTALS, UNPOOL, WEIGH,
} from './kinds';
import { BYTES } from './lanes';
import { contribute, pair, rDelta, rThroughSlope, throughSlope, weigh } from './tiles';

/**
 * The interpreter of graphs. What each operation computes, in which order, is in `graph/reference.ts`. Values lie [unit][16 examples]: a unit's are
 * a cache line, in one vector or several.
 */

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
      case TOTALS: totals(p); break;
      case DESCEND: descend(p); break;
    }
  }
}

function copy(to: usize, from: usize, size: usize): void {
  for (const end = to + size; to < end; to += BYTES, from += BYTES) v128.store(to, v128.load(from));
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

function add(target: usize, a: usize, b: usize, size: usize): void {
  for (const end = target + size; target < end; target += BYTES, a += BYTES, b += BYTES) {
    v128.store(target, f32x4.add(v128.load(a), v128.load(b)));
  }
}

