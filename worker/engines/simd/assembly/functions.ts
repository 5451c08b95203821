/**
 * Elementary functions on four float32 lanes. The operations and their order are the contract: `reference/functions.ts` does the
 * same on one lane and states the error bounds.
 */

/**
 * Constants come from memory: V8 (Node 20) rebuilds a vector constant through general registers at every use, which took
 * two thirds of the time of tanh.
 */
const CONSTANTS = memory.data<f32>([
  -1.44269504, // -log2 e
  12582912.0, // 1.5 * 2^23: adding and subtracting it rounds to the nearest integer, ties to even
  0.693359375, // ln 2, high part: 9 bits, so that its product with any exponent is exact
  -0.000212194442, // ln 2, low part
  // e^-u = 1 - u + u^2 p(u), minimax on |u| <= ln 2 / 2, relative error of e^-u - 1 below 2^-26
  0.00138824957, -0.00836664718, 0.0416672044, -0.16666542, 0.5,
  1.0, 2.0, -2.0, -20.0, 20.0, -89.0, 88.0,
  // atanh(s) / s = 1 + t p(t), t = s^2, minimax on 0 <= t <= 1/9, relative error below 5e-9
  0.140156374, 0.139989316, 0.200108856, 0.333332062,
  // Phi(-a) = phi(a) q(a) / (a q(a) + p(a)), minimax on 0 <= a <= 13.3, relative error below 1e-9; q(a) = 1 + ...
  0.00236900826, 0.0287608989, 0.166325361, 0.556002736, 1.07522082,
  0.00236942177, 0.0287440494, 0.161919221, 0.494521886, 0.797884583,
  13.25, // e^(-x^2 / 2) has come to 0
  0.01, 0.398942292, // 1 / sqrt(2 pi)
  Infinity,
]);

// @ts-ignore: decorator
@inline export const
  MINUS_LOG2E = 0, ROUND = 1, LN2_HIGH = 2, LN2_LOW = 3, EXP_4 = 4, EXP_3 = 5, EXP_2 = 6,
  EXP_1 = 7, HALF = 8, ONE = 9, TWO = 10, MINUS_TWO = 11, MINUS_20 = 12, PLUS_20 = 13,
  MINUS_89 = 14, PLUS_88 = 15, ATANH_3 = 16, ATANH_2 = 17, ATANH_1 = 18, ATANH_0 = 19, Q_5 = 20,
  Q_4 = 21, Q_3 = 22, Q_2 = 23, Q_1 = 24, P_4 = 25, P_3 = 26, P_2 = 27, P_1 = 28, P_0 = 29,
  FAR = 30, LEAK = 31, DENSITY_AT_0 = 32, INFINITE = 33;

// @ts-ignore: decorator
@inline export function constant(index: usize): v128 {
  return v128.load32_splat(CONSTANTS + (index << 2));
}

// @ts-ignore: decorator
@inline function mulAdd(a: v128, b: v128, index: usize): v128 {
  return f32x4.add(f32x4.mul(a, b), constant(index));
}

/** bits of sqrt(1/2) */
// @ts-ignore: decorator
@inline const SQRT_HALF: i32 = 0x3f3504f3;

/** clamp that keeps a NaN: pmin and pmax return their first operand when either is NaN */
// @ts-ignore: decorator
@inline function clamp(x: v128, low: usize, high: usize): v128 {
  return f32x4.pmax(f32x4.pmin(x, constant(high)), constant(low));
}

/** k + 1.5 * 2^23, k the integer nearest to -x log2 e */
// @ts-ignore: decorator
@inline function rounded(x: v128): v128 {
  return mulAdd(x, constant(MINUS_LOG2E), ROUND);
}

/** 2^k, -126 <= k <= 128 (2^128 is infinity) */
// @ts-ignore: decorator
@inline function powerOfTwo(rounded: v128): v128 {
  return i32x4.add(i32x4.shl(rounded, 23), constant(ONE));
}

/** e^-u - 1, |u| <= ln 2 / 2. By Estrin's scheme: what costs is the length of the chain of dependent operations. */
// @ts-ignore: decorator
@inline function expm1Small(u: v128): v128 {
  const square = f32x4.mul(u, u);
  const low = mulAdd(constant(EXP_1), u, HALF);
  const high = f32x4.add(mulAdd(constant(EXP_3), u, EXP_2), f32x4.mul(constant(EXP_4), square));
  return f32x4.sub(f32x4.mul(square, f32x4.add(low, f32x4.mul(high, square))), u);
}

/** e^-u - 1, u = x + k ln 2 */
// @ts-ignore: decorator
@inline function expm1Reduced(x: v128, rounded: v128): v128 {
  const k = f32x4.sub(rounded, constant(ROUND));
  return expm1Small(f32x4.add(f32x4.add(x, f32x4.mul(k, constant(LN2_HIGH))), f32x4.mul(k, constant(LN2_LOW))));
}

/** e^-x; 0 where the result would be subnormal, infinity below -88.37. Negation costs three instructions, so x stays as it is. */
// @ts-ignore: decorator
@inline export function expNegative(x: v128): v128 {
  const a = clamp(x, MINUS_89, PLUS_88);
  const t = rounded(a);
  return f32x4.mul(f32x4.add(expm1Reduced(a, t), constant(ONE)), powerOfTwo(t));
}

/** e^-x - 1 */
// @ts-ignore: decorator
@inline export function expm1Negative(x: v128): v128 {
  const a = clamp(x, MINUS_89, PLUS_20);
  const t = rounded(a);
  const s = powerOfTwo(t);
  return f32x4.add(f32x4.mul(expm1Reduced(a, t), s), f32x4.sub(s, constant(ONE)));
}

/** tanh x = m / (-2 - m), m = e^-2x - 1 */
// @ts-ignore: decorator
@inline export function tanh(x: v128): v128 {
  const a = clamp(f32x4.add(x, x), MINUS_20, PLUS_20);
  const t = rounded(a);
  const s = powerOfTwo(t);
  const m = f32x4.add(f32x4.mul(expm1Reduced(a, t), s), f32x4.sub(s, constant(ONE)));
  return f32x4.div(m, f32x4.sub(constant(MINUS_TWO), m));
}

/** 1 / (1 + e^-x) */
// @ts-ignore: decorator
@inline export function sigmoid(x: v128): v128 {
  return f32x4.div(constant(ONE), f32x4.add(constant(ONE), expNegative(x)));
}

/** max(x, 0) + log(1 + u), u = e^-|x|, log(1 + u) = 2 atanh(u / (2 + u)) */
// @ts-ignore: decorator
@inline export function softplus(x: v128): v128 {
  const u = expNegative(f32x4.abs(x));
  const s = f32x4.div(u, f32x4.add(constant(TWO), u));
  const t = f32x4.mul(s, s);
  let p = mulAdd(constant(ATANH_3), t, ATANH_2);
  p = mulAdd(p, t, ATANH_1);
  p = mulAdd(p, t, ATANH_0);
  p = mulAdd(p, t, ONE);
  return f32x4.add(f32x4.pmax(x, f32x4.splat(0)), f32x4.mul(f32x4.add(s, s), p));
}

/** log x for x >= 2^-126: x = 2^k m, sqrt(1/2) <= m < sqrt(2), log m by atanh */
// @ts-ignore: decorator
@inline export function log(x: v128): v128 {
  const bits = i32x4.add(x, i32x4.splat(0x3f800000 - SQRT_HALF));
  const k = f32x4.convert_i32x4_s(i32x4.sub(i32x4.shr_s(bits, 23), i32x4.splat(127)));
  const m = i32x4.add(v128.and(bits, i32x4.splat(0x7fffff)), i32x4.splat(SQRT_HALF));
  const u = f32x4.sub(m, constant(ONE));
  const s = f32x4.div(u, f32x4.add(constant(TWO), u));
  const t = f32x4.mul(s, s);
  let p = mulAdd(constant(ATANH_3), t, ATANH_2);
  p = mulAdd(p, t, ATANH_1);
  p = mulAdd(p, t, ATANH_0);
  const rest = f32x4.mul(f32x4.add(t, t), p);
  const low = f32x4.sub(f32x4.mul(s, f32x4.sub(u, rest)), f32x4.mul(k, constant(LN2_LOW)));
  const result = f32x4.add(f32x4.mul(k, constant(LN2_HIGH)), f32x4.sub(u, low));
  return v128.bitselect(result, x, f32x4.lt(x, constant(INFINITE)));
}

/** |x|, but at most `FAR` */
// @ts-ignore: decorator
@inline function magnitude(x: v128): v128 {
  return f32x4.pmin(f32x4.abs(x), constant(FAR));
}

/** e^(-x^2 / 2) = e^-(square + rest), |x| = high + low with the square of `high` exact */
// @ts-ignore: decorator
@inline function gauss(x: v128): v128 {
  const a = magnitude(x);
  const high = v128.and(a, i32x4.splat(0xfffff000));
  const square = f32x4.mul(constant(HALF), f32x4.mul(high, high));
  const rest = f32x4.mul(constant(HALF), f32x4.mul(f32x4.sub(a, high), f32x4.add(a, high)));
  const t = rounded(f32x4.add(square, rest));
  const k = f32x4.sub(t, constant(ROUND));
  const u = f32x4.add(
    f32x4.add(square, f32x4.mul(k, constant(LN2_HIGH))),
    f32x4.add(rest, f32x4.mul(k, constant(LN2_LOW))),
  );
  return f32x4.mul(f32x4.add(expm1Small(u), constant(ONE)), powerOfTwo(t));
}

/** phi(x), the standard normal density */
// @ts-ignore: decorator
@inline export function normalDensity(x: v128): v128 {
  return f32x4.mul(constant(DENSITY_AT_0), gauss(x));
}

/** Phi(x), the standard normal distribution function; density = phi(x) */
// @ts-ignore: decorator
@inline export function normalCdf(x: v128, density: v128): v128 {
  const a = magnitude(x);
  let q = mulAdd(constant(Q_5), a, Q_4);
  q = mulAdd(q, a, Q_3);
  q = mulAdd(q, a, Q_2);
  q = mulAdd(q, a, Q_1);
  q = mulAdd(q, a, ONE);
  let p = mulAdd(constant(P_4), a, P_3);
  p = mulAdd(p, a, P_2);
  p = mulAdd(p, a, P_1);
  p = mulAdd(p, a, P_0);
  const tail = f32x4.div(f32x4.mul(density, q), f32x4.add(f32x4.mul(a, q), p));
  return v128.bitselect(tail, f32x4.sub(constant(ONE), tail), f32x4.lt(x, f32x4.splat(0)));
}
