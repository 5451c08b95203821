import type { Case } from './cases.ts';

const SMALLEST_NORMAL = 2 ** -126;
const SUBNORMAL_ULP = 2 ** -149;

/** What was found over a set of arguments; `combine` joins two. */
export type Measured = {
  /** largest error where the exact result is normal, and its argument */
  error: number;
  at: number;
  /** largest error where the exact result is subnormal and the computed one is not 0, in units of 2^-149 */
  subnormalError: number;
  /** largest magnitude of an exact, subnormal result that came out as 0 */
  zeroBelow: number;
};

export const NOTHING: Measured = {
  error: 0,
  at: Number.NaN,
  subnormalError: 0,
  zeroBelow: 0,
};

export function combine(a: Measured, b: Measured): Measured {
  const worse = b.error > a.error ? b : a;
  return {
    error: worse.error,
    at: worse.at,
    subnormalError: Math.max(a.subnormalError, b.subnormalError),
    zeroBelow: Math.max(a.zeroBelow, b.zeroBelow),
  };
}

const argument = new DataView(new ArrayBuffer(4));
const double = new Float64Array(1);
const halves = new Uint32Array(double.buffer);
const HIGH = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 1 : 0;
/** 2^(23 - e) for the float64 exponent field of a number in [2^e, 2^(e+1)) */
const PER_ULP = Float64Array.from({ length: 2047 }, (_, field) => 2 ** (23 - (field - 1023)));

/**
 * The errors of `compute` at the float32 numbers with bits from, from + stride, ... below `to`, but for arguments below its least;
 * none may be NaN or infinite. Where the result is NaN the error is infinite.
 */
export function measure(
  { compute, exact, scale = exact, least }: Case,
  from: number,
  to: number,
  stride: number,
): Measured {
  const found = { ...NOTHING };
  for (let bits = from; bits < to; bits += stride) {
    argument.setUint32(0, bits);
    const x = argument.getFloat32(0);
    if (least !== undefined && x < least.argument) continue;
    const result = compute(x);
    const truth = exact(x);
    const magnitude = Math.abs(scale(x));
    if (magnitude < SMALLEST_NORMAL) {
      if (result === 0) found.zeroBelow = Math.max(found.zeroBelow, magnitude);
      else found.subnormalError = Math.max(found.subnormalError, Math.abs(result - truth) / SUBNORMAL_ULP);
    } else {
      double[0] = magnitude;
      const error = Math.abs(result - truth) * PER_ULP[halves[HIGH] >>> 20];
      if (!(error <= found.error)) {
        found.error = Number.isNaN(error) ? Number.POSITIVE_INFINITY : error;
        found.at = x;
      }
    }
  }
  return found;
}
