/**
 * Elementary functions on four float32 lanes. The operations and their order are the contract: `reference/functions.ts` does the
 * same on one lane and states the error bounds.
 */

/**
 * Constants come from memory: V8 (Node 20) rebuilds a vector constant through general registers at every use, which took
 * two thirds of the time of tanh.
 */
const CONSTANTS = memory.data<f32>([
  1.44269504, // log2 e
  12582912.0, // 1.5 * 2^23: adding and subtracting it rounds to the nearest integer, ties to even
  0.693359375, // ln 2, high part: 9 bits, so that its product with any exponent is exact
  -0.000212194442, // ln 2, low part
  // e^r = 1 + r + r^2 p(r), minimax on |r| <= ln 2 / 2, relative error of e^r - 1 below 2^-26
  0.00138824957, 0.00836664718, 0.0416672044, 0.16666542, 0.5,
  1.0, 2.0, -20.0, 20.0, -88.0, 89.0,
  // atanh(s) / s = 1 + t p(t), t = s^2, minimax on 0 <= t <= 1/9, relative error below 5e-9
  0.140156374, 0.139989316, 0.200108856, 0.333332062,
  // Phi(-a) = e^(-a^2 / 2) p(3 / (3 + a)), minimax on 0 <= a <= 13.3, relative error below 7e-9
  -0.0277252551, 0.154469222, -0.324840963, 0.283786237, -0.10184237, 0.143067002, 0.105370715, 0.134891212, 0.132818177, 0.00000601752754,
  3.0, 0.01, 0.398942292, // 1 / sqrt(2 pi)
]);

// @ts-ignore: decorator
@inline export const LOG2E = 0, ROUND = 1, LN2_HIGH = 2, LN2_LOW = 3, EXP_4 = 4, EXP_3 = 5, EXP_2 = 6, EXP_1 = 7, HALF = 8, ONE = 9, TWO = 10;
// @ts-ignore: decorator
@inline export const MINUS_20 = 11, PLUS_20 = 12, MINUS_88 = 13, PLUS_89 = 14, ATANH_3 = 15, ATANH_2 = 16, ATANH_1 = 17, ATANH_0 = 18;
// @ts-ignore: decorator
@inline export const PHI_9 = 19, THREE = 29, LEAK = 30, DENSITY_AT_0 = 31;

// @ts-ignore: decorator
@inline export function constant(index: usize): v128 {
  return v128.load32_splat(CONSTANTS + (index << 2));
}

// @ts-ignore: decorator
@inline function mulAdd(a: v128, b: v128, index: usize): v128 {
  return f32x4.add(f32x4.mul(a, b), constant(index));
}

/** clamp that keeps a NaN: pmin and pmax return their first operand when either is NaN */
// @ts-ignore: decorator
@inline function clamp(x: v128, low: usize, high: usize): v128 {
  return f32x4.pmax(f32x4.pmin(x, constant(high)), constant(low));
}

/** k + 1.5 * 2^23, k the integer nearest to x log2 e */
// @ts-ignore: decorator
@inline function rounded(x: v128): v128 {
  return mulAdd(x, constant(LOG2E), ROUND);
}

/** 2^k, -126 <= k <= 128 (2^128 is infinity) */
// @ts-ignore: decorator
@inline function powerOfTwo(rounded: v128): v128 {
  return i32x4.add(i32x4.shl(rounded, 23), constant(ONE));
}

/** e^r - 1, r = x - k ln 2 */
// @ts-ignore: decorator
@inline function expm1Reduced(x: v128, rounded: v128): v128 {
  const k = f32x4.sub(rounded, constant(ROUND));
  const r = f32x4.sub(f32x4.sub(x, f32x4.mul(k, constant(LN2_HIGH))), f32x4.mul(k, constant(LN2_LOW)));
  let p = mulAdd(constant(EXP_4), r, EXP_3);
  p = mulAdd(p, r, EXP_2);
  p = mulAdd(p, r, EXP_1);
  p = mulAdd(p, r, HALF);
  return f32x4.add(f32x4.mul(f32x4.mul(r, r), p), r);
}

/** e^x; 0 where the result would be subnormal, infinity above 88.37 */
// @ts-ignore: decorator
@inline function exp(x: v128): v128 {
  const a = clamp(x, MINUS_88, PLUS_89);
  const t = rounded(a);
  return f32x4.mul(f32x4.add(expm1Reduced(a, t), constant(ONE)), powerOfTwo(t));
}

/** e^x - 1 */
// @ts-ignore: decorator
@inline export function expm1(x: v128): v128 {
  const a = clamp(x, MINUS_20, PLUS_89);
  const t = rounded(a);
  const s = powerOfTwo(t);
  return f32x4.add(f32x4.mul(expm1Reduced(a, t), s), f32x4.sub(s, constant(ONE)));
}

/** tanh x = m / (m + 2), m = e^2x - 1 */
// @ts-ignore: decorator
@inline export function tanh(x: v128): v128 {
  const a = clamp(f32x4.add(x, x), MINUS_20, PLUS_20);
  const t = rounded(a);
  const s = powerOfTwo(t);
  const m = f32x4.add(f32x4.mul(expm1Reduced(a, t), s), f32x4.sub(s, constant(ONE)));
  return f32x4.div(m, f32x4.add(m, constant(TWO)));
}

/** 1 / (1 + e^-x) */
// @ts-ignore: decorator
@inline export function sigmoid(x: v128): v128 {
  return f32x4.div(constant(ONE), f32x4.add(constant(ONE), exp(f32x4.neg(x))));
}

/** max(x, 0) + log(1 + u), u = e^-|x|, log(1 + u) = 2 atanh(u / (2 + u)) */
// @ts-ignore: decorator
@inline export function softplus(x: v128): v128 {
  const u = exp(f32x4.neg(f32x4.abs(x)));
  const s = f32x4.div(u, f32x4.add(constant(TWO), u));
  const t = f32x4.mul(s, s);
  let p = mulAdd(constant(ATANH_3), t, ATANH_2);
  p = mulAdd(p, t, ATANH_1);
  p = mulAdd(p, t, ATANH_0);
  p = mulAdd(p, t, ONE);
  return f32x4.add(f32x4.pmax(x, f32x4.splat(0)), f32x4.mul(f32x4.add(s, s), p));
}

/** e^(-x^2 / 2), the square taken in two parts, the first exact; beyond 20 it is 0 by far */
// @ts-ignore: decorator
@inline export function gauss(x: v128): v128 {
  const a = clamp(x, MINUS_20, PLUS_20);
  const high = v128.and(a, i32x4.splat(0xfffff000));
  const square = f32x4.neg(f32x4.mul(constant(HALF), f32x4.mul(high, high)));
  const rest = f32x4.neg(f32x4.mul(constant(HALF), f32x4.mul(f32x4.sub(a, high), f32x4.add(a, high))));
  return f32x4.mul(exp(square), exp(rest));
}

/** Phi(x), the standard normal distribution function; g = gauss(x) */
// @ts-ignore: decorator
@inline export function normalCdf(x: v128, g: v128): v128 {
  const t = f32x4.div(constant(THREE), f32x4.add(constant(THREE), f32x4.abs(x)));
  let p = constant(PHI_9);
  for (let i = PHI_9 + 1; i <= PHI_9 + 9; i++) p = mulAdd(p, t, i);
  const tail = f32x4.mul(g, p);
  return v128.bitselect(tail, f32x4.sub(constant(ONE), tail), f32x4.lt(x, f32x4.splat(0)));
}
