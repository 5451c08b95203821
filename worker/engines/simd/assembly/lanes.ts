/**
 * Networks side by side in a vector, a lane each. WebAssembly has four; the native kernel is translated from these files with as many
 * as its vectors hold (`native/vector.h`).
 */

// @ts-ignore: decorator
@inline export const LANES: i32 = 4;
/** bytes of a vector */
// @ts-ignore: decorator
@inline export const BYTES: usize = 16;

/** `count` values of a row for each lane, whose number is at `order`; the rows are `rowBytes` apart. */
// @ts-ignore: decorator
@inline export function gatherRow(source: usize, rowBytes: usize, order: usize, target: usize, count: i32): void {
  let p0 = source + <usize>load<i32>(order) * rowBytes;
  let p1 = source + <usize>load<i32>(order, 4) * rowBytes;
  let p2 = source + <usize>load<i32>(order, 8) * rowBytes;
  let p3 = source + <usize>load<i32>(order, 12) * rowBytes;
  for (const last = p0 + (<usize>count << 2); p0 < last; target += 16) {
    let v = v128.load32_zero(p0);
    v = v128.load_lane<f32>(p1, v, 1);
    v = v128.load_lane<f32>(p2, v, 2);
    v = v128.load_lane<f32>(p3, v, 3);
    v128.store(target, v);
    p0 += 4;
    p1 += 4;
    p2 += 4;
    p3 += 4;
  }
}

/** LANES rows of as many float32, of which the last ones repeat row `rows` - 1, from [row][column] to [column][row]. */
// @ts-ignore: decorator
@inline export function transposeSquare(source: usize, rowBytes: usize, rows: i32, target: usize, targetBytes: usize): void {
  const last = source + <usize>(rows - 1) * rowBytes;
  const a = v128.load(source), b = v128.load(min(source + rowBytes, last));
  const c = v128.load(min(source + 2 * rowBytes, last)), d = v128.load(min(source + 3 * rowBytes, last));
  const p = v128.shuffle<i32>(a, b, 0, 4, 1, 5), q = v128.shuffle<i32>(a, b, 2, 6, 3, 7);
  const r = v128.shuffle<i32>(c, d, 0, 4, 1, 5), s = v128.shuffle<i32>(c, d, 2, 6, 3, 7);
  v128.store(target, v128.shuffle<i64>(p, r, 0, 2));
  v128.store(target + targetBytes, v128.shuffle<i64>(p, r, 1, 3));
  v128.store(target + 2 * targetBytes, v128.shuffle<i64>(q, s, 0, 2));
  v128.store(target + 3 * targetBytes, v128.shuffle<i64>(q, s, 1, 3));
}

/** In the place of each of 16 float32 the sum of it and of the one whose number differs in this bit: 1, 2 or 4. */
export function pairSums(p: usize, bit: i32): void {
  if (bit == 4) {
    for (let v: usize = 0; v < 64; v += 32) {
      const sum = f32x4.add(v128.load(p + v), v128.load(p + v, 16));
      v128.store(p + v, sum);
      v128.store(p + v, sum, 16);
    }
    return;
  }
  for (let v: usize = 0; v < 64; v += 16) {
    const a = v128.load(p + v), b = bit == 2 ? v128.shuffle<i32>(a, a, 2, 3, 0, 1) : v128.shuffle<i32>(a, a, 1, 0, 3, 2);
    v128.store(p + v, f32x4.add(a, b));
  }
}

/** The upper 32 bits of each product of two unsigned 32-bit integers. */
// @ts-ignore: decorator
@inline export function mulHigh(a: v128, b: v128): v128 {
  return v128.shuffle<i32>(i64x2.extmul_low_i32x4_u(a, b), i64x2.extmul_high_i32x4_u(a, b), 1, 3, 5, 7);
}

/** The value, in a register: GCC prefers to load an operand again at each use. */
// @ts-ignore: decorator
@inline export function held(v: v128): v128 {
  return v;
}
