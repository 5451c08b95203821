/** Fraction bits of the fixed-point numbers here. */
export const FRACTION = 256n;

/** The value of a finite float64, exactly (down to 2^-256). */
export function fixedOf(x: number): bigint {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, x);
  const word = bits.getBigUint64(0);
  const exponent = (word >> 52n) & 0x7ffn;
  const fraction = word & 0xfffffffffffffn;
  const mantissa = exponent === 0n ? fraction : fraction | (1n << 52n);
  const shift = FRACTION + (exponent === 0n ? 1n : exponent) - 1075n;
  const magnitude = shift >= 0n ? mantissa << shift : mantissa >> -shift;
  return word >> 63n ? -magnitude : magnitude;
}

/** 2 atanh(numerator / denominator), for a quotient of at most 1/3: its series in integers, until the terms vanish */
function twiceAtanh(numerator: bigint, denominator: bigint): bigint {
  const s = (numerator << FRACTION) / denominator;
  let power = s;
  let sum = 0n;
  for (let n = 1n; power !== 0n && power !== -1n; n += 2n) {
    sum += power / n;
    power = (((power * s) >> FRACTION) * s) >> FRACTION;
  }
  return 2n * sum;
}

const LN2 = twiceAtanh(1n, 3n);

/** log of a positive normal float64, in fixed point, good to about 240 bits after the point. */
export function exactLog(x: number): bigint {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, x);
  const word = bits.getBigUint64(0);
  const mantissa = (word & 0xfffffffffffffn) | (1n << 52n);
  return ((word >> 52n) - 1023n) * LN2 + twiceAtanh(mantissa - (1n << 52n), mantissa + (1n << 52n));
}

/** |approximation - exact| in units in the last place of `exact`, which must be neither 0 nor subnormal. */
export function ulpError(approximation: number, exact: bigint): number {
  const magnitude = exact < 0n ? -exact : exact;
  const exponent = BigInt(magnitude.toString(2).length - 1) - 52n;
  const difference = fixedOf(approximation) - exact;
  return Number(((difference < 0n ? -difference : difference) << 20n) >> exponent) / 2 ** 20;
}
