/**
 * Elementary functions in float32, from +, -, *, / and comparisons alone, one rounding at each operation. The same operations on
 * four lanes: `simd/assembly/functions.ts`. NaN gives NaN.
 *
 * "Error below n ulp": units in the last place of the exact result, over all arguments where that is a normal float32, as
 * `make functions` measures them (docs/functions.md). Subnormal results below 8.4e-39 may come out as 0.
 */

const f = Math.fround;

const MINUS_LOG2E = f(-1.44269504);
/** Adding and subtracting 1.5 * 2^23 rounds to the nearest integer, ties to even. */
const ROUND = 12582912;
/** 9 bits: its product with any exponent is exact */
const LN2_HIGH = 0.693359375;
const LN2_LOW = f(-0.000212194442);
/** e^-u = 1 - u + u^2 p(u), minimax on |u| <= ln 2 / 2, relative error of e^-u - 1 below 2^-26; lowest power first */
const EXP = [0.5, -0.16666542, 0.0416672044, -0.00836664718, 0.00138824957].map(f);
/** atanh(s) / s = p(s^2), minimax on 0 <= s <= 1/3, relative error below 5e-9; highest power first, as below */
const ATANH = [0.140156374, 0.139989316, 0.200108856, 0.333332062, 1].map(f);
/** (atanh(s) / s - 1) / s^2 */
const ATANH_REST = ATANH.slice(0, -1);
/**
 * Phi(-a) = phi(a) q(a) / (a q(a) + p(a)), minimax on 0 <= a <= 13.3, relative error below 1e-9. No coefficient is negative, and
 * for a large a the rounding of q cancels.
 */
const MILLS_Q = [0.00236900826, 0.0287608989, 0.166325361, 0.556002736, 1.07522082, 1].map(f);
const MILLS_P = [0.00236942177, 0.0287440494, 0.161919221, 0.494521886, 0.797884583].map(f);
/** e^(-x^2 / 2) has come to 0 here */
const FAR = 13.25;
/** sqrt(1/2), as bits, and what to add to these to get those of 1 */
const SQRT_HALF = 0x3f3504f3;
const SQRT_HALF_TO_1 = 0x3f800000 - SQRT_HALF;
const DENSITY_AT_0 = f(0.398942292);
const LEAK = f(0.01);

const word = new DataView(new ArrayBuffer(4));

function horner(coefficients: readonly number[], x: number): number {
  let p = coefficients[0];
  for (let i = 1; i < coefficients.length; i++) p = f(f(p * x) + coefficients[i]);
  return p;
}

/** Keeps a NaN. */
function clamp(x: number, low: number, high: number): number {
  const below = high < x ? high : x;
  return below < low ? low : below;
}

/** k, the integer nearest to -x log2 e */
function exponentOf(x: number): number {
  return f(f(f(x * MINUS_LOG2E) + ROUND) - ROUND);
}

/** 2^k; 0 for k = -127, infinity for k = 128 */
function powerOfTwo(k: number): number {
  word.setInt32(0, (k + 127) << 23);
  return word.getFloat32(0);
}

/** e^-u - 1, |u| <= ln 2 / 2; the polynomial by Estrin's scheme, the shortest chain of operations in the simd engine */
function expm1Small(u: number): number {
  const square = f(u * u);
  const low = f(f(EXP[1] * u) + EXP[0]);
  const high = f(f(f(EXP[3] * u) + EXP[2]) + f(EXP[4] * square));
  return f(f(square * f(low + f(high * square))) - u);
}

/** e^-x - 1 = 2^k m + (2^k - 1), m = e^-u - 1, u = x + k ln 2; `scale` is 2^k */
function reducedExp(x: number): { m: number; scale: number } {
  const k = exponentOf(x);
  const u = f(f(x + f(k * LN2_HIGH)) + f(k * LN2_LOW));
  return { m: expm1Small(u), scale: powerOfTwo(k) };
}

/** e^-x, error below 1.1 ulp; infinity below -88.37, a little before e^-x itself overflows */
export function expNegative(x: number): number {
  const { m, scale } = reducedExp(clamp(x, -89, 88));
  return f(f(m + 1) * scale);
}

/** e^-x - 1 for x >= -88.37, error below 1.8 ulp */
export function expm1Negative(x: number): number {
  const { m, scale } = reducedExp(clamp(x, -89, 20));
  return f(f(m * scale) + f(scale - 1));
}

/** tanh x = m / (-2 - m), m = e^-2x - 1; error below 2.7 ulp */
export function tanh(x: number): number {
  const { m, scale } = reducedExp(clamp(f(x + x), -20, 20));
  const e = f(f(m * scale) + f(scale - 1));
  return f(e / f(-2 - e));
}

/** 1 / (1 + e^-x), error below 2.6 ulp */
export function sigmoid(x: number): number {
  return f(1 / f(1 + expNegative(x)));
}

/** log(1 + e^x) = max(x, 0) + log(1 + u), u = e^-|x|, log(1 + u) = 2 atanh(u / (2 + u)); error below 3.8 ulp */
export function softplus(x: number): number {
  const u = expNegative(Math.abs(x));
  const s = f(u / f(2 + u));
  const positive = x < 0 ? 0 : x;
  return f(positive + f(f(s + s) * horner(ATANH, f(s * s))));
}

/**
 * log x for x >= 2^-126, error below 1 ulp: x = 2^k m, sqrt(1/2) <= m < sqrt(2), u = m - 1 (exact), s = u / (2 + u), and
 * log m = 2 atanh s = u - s (u - 2 (atanh(s) / s - 1)), so that what is rounded is a small part of the sum.
 */
export function log(x: number): number {
  if (!(x < Number.POSITIVE_INFINITY)) return x;
  word.setFloat32(0, x);
  const bits = word.getInt32(0) + SQRT_HALF_TO_1;
  const k = (bits >> 23) - 127;
  word.setInt32(0, (bits & 0x7fffff) + SQRT_HALF);
  const u = f(word.getFloat32(0) - 1);
  const s = f(u / f(2 + u));
  const t = f(s * s);
  const rest = f(f(t + t) * horner(ATANH_REST, t));
  return f(f(k * LN2_HIGH) + f(u - f(f(s * f(u - rest)) - f(k * LN2_LOW))));
}

export function leakyRelu(x: number): number {
  return x < 0 ? f(x * LEAK) : x;
}

export function leakyReluSlope(x: number): number {
  return x < 0 ? LEAK : 1;
}

/** |x|, but at most `FAR` */
function magnitude(x: number): number {
  const a = Math.abs(x);
  return FAR < a ? FAR : a;
}

/** e^(-x^2 / 2) = e^-(square + rest), |x| = high + low with the square of `high` exact; error below 1.1 ulp */
export function gauss(x: number): number {
  const a = magnitude(x);
  word.setFloat32(0, a);
  word.setInt32(0, word.getInt32(0) & 0xfffff000);
  const high = word.getFloat32(0);
  const square = f(0.5 * f(high * high));
  const rest = f(0.5 * f(f(a - high) * f(a + high)));
  const k = exponentOf(f(square + rest));
  const u = f(f(square + f(k * LN2_HIGH)) + f(rest + f(k * LN2_LOW)));
  return f(f(expm1Small(u) + 1) * powerOfTwo(k));
}

/** phi(x), the standard normal density */
export function normalDensity(x: number): number {
  return f(DENSITY_AT_0 * gauss(x));
}

/** Phi(x), the standard normal distribution function, error below 5 ulp */
export function normalCdf(x: number): number {
  const a = magnitude(x);
  const q = horner(MILLS_Q, a);
  const tail = f(f(normalDensity(x) * q) / f(f(a * q) + horner(MILLS_P, a)));
  return x < 0 ? tail : f(1 - tail);
}
