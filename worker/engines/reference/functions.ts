/**
 * Elementary functions in float32, from +, -, *, / and comparisons alone, one rounding at each operation. The same operations on
 * four lanes: `simd/assembly/functions.ts`. NaN gives NaN.
 *
 * Errors are in units in the last place of the exact result, the largest over all 2^32 float32 arguments; `make functions` measures
 * them (docs/functions.md). Results that would be subnormal may come out as 0 (exp, sigmoid and softplus).
 */

const f = Math.fround;

const LOG2E = f(1.44269504);
/** Adding and subtracting 1.5 * 2^23 rounds to the nearest integer, ties to even. */
const ROUND = 12582912;
/** 9 bits: its product with any exponent is exact */
const LN2_HIGH = 0.693359375;
const LN2_LOW = f(-0.000212194442);
/** e^r = 1 + r + r^2 p(r), minimax on |r| <= ln 2 / 2, relative error of e^r - 1 below 2^-26; highest power first */
const EXP = [0.00138824957, 0.00836664718, 0.0416672044, 0.16666542, 0.5].map(f);
/** atanh(s) / s = p(s^2), minimax on 0 <= s <= 1/3, relative error below 5e-9 */
const ATANH = [0.140156374, 0.139989316, 0.200108856, 0.333332062, 1].map(f);
/** Phi(-a) = e^(-a^2 / 2) p(3 / (3 + a)), minimax on 0 <= a <= 13.3, relative error below 7e-9 */
const PHI = [
  -0.0277252551, 0.154469222, -0.324840963, 0.283786237, -0.10184237, 0.143067002, 0.105370715, 0.134891212,
  0.132818177, 0.00000601752754,
].map(f);
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

/** e^x - 1 = 2^k m + (2^k - 1), m = e^r - 1, x = k ln 2 + r; `scale` is 2^k (2^128 is infinity) */
function reducedExp(x: number): { m: number; scale: number } {
  const k = f(f(f(x * LOG2E) + ROUND) - ROUND);
  const r = f(f(x - f(k * LN2_HIGH)) - f(k * LN2_LOW));
  word.setInt32(0, (k + 127) << 23);
  return { m: f(f(f(r * r) * horner(EXP, r)) + r), scale: word.getFloat32(0) };
}

/** e^x; infinity above 88.37, a little before e^x itself overflows */
export function exp(x: number): number {
  const { m, scale } = reducedExp(clamp(x, -88, 89));
  return f(f(m + 1) * scale);
}

/** e^x - 1 */
export function expm1(x: number): number {
  const { m, scale } = reducedExp(clamp(x, -20, 89));
  return f(f(m * scale) + f(scale - 1));
}

/** m / (m + 2), m = e^2x - 1 */
export function tanh(x: number): number {
  const { m, scale } = reducedExp(clamp(f(x + x), -20, 20));
  const e = f(f(m * scale) + f(scale - 1));
  return f(e / f(e + 2));
}

/** 1 / (1 + e^-x) */
export function sigmoid(x: number): number {
  return f(1 / f(1 + exp(-x)));
}

/** log(1 + e^x) = max(x, 0) + log(1 + u), u = e^-|x|, log(1 + u) = 2 atanh(u / (2 + u)) */
export function softplus(x: number): number {
  const u = exp(-Math.abs(x));
  const s = f(u / f(2 + u));
  const positive = x < 0 ? 0 : x;
  return f(positive + f(f(s + s) * horner(ATANH, f(s * s))));
}

export function leakyRelu(x: number): number {
  return x < 0 ? f(x * LEAK) : x;
}

export function leakyReluSlope(x: number): number {
  return x < 0 ? LEAK : 1;
}

/** e^(-x^2 / 2); the square in two parts, a = high + rest with the square of `high` exact; beyond 20 it is 0 by far */
export function gauss(x: number): number {
  const a = clamp(x, -20, 20);
  word.setFloat32(0, a);
  word.setInt32(0, word.getInt32(0) & 0xfffff000);
  const high = word.getFloat32(0);
  const square = -f(0.5 * f(high * high));
  const rest = -f(0.5 * f(f(a - high) * f(a + high)));
  return f(exp(square) * exp(rest));
}

/** Phi(x), the standard normal distribution function */
export function normalCdf(x: number): number {
  const tail = f(gauss(x) * horner(PHI, f(3 / f(3 + Math.abs(x)))));
  return x < 0 ? tail : f(1 - tail);
}

/** the standard normal density */
export function normalDensity(x: number): number {
  return f(DENSITY_AT_0 * gauss(x));
}
