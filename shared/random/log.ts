const LN2_HIGH = 0.69314718036912381649; // 33 bits: its product with any exponent is exact
const LN2_LOW = 1.90821492927058770002e-10;

const bits = new DataView(new ArrayBuffer(8));

/**
 * Natural logarithm in float64, from +, -, *, / alone: x = 2^k m with m in [sqrt(1/2), sqrt(2)), s = (m - 1) / (m + 1),
 * log x = k log 2 + 2 (s + s^3/3 + s^5/5 + ...), |s| < 0.1716, the series to s^23. Error below 2 ulp (tested).
 *
 * @param x positive, finite and normal
 */
export function log(x: number): number {
  bits.setFloat64(0, x);
  const high = bits.getUint32(0);
  let k = (high >>> 20) - 1023;
  bits.setUint32(0, (high & 0xfffff) | 0x3ff00000);
  let m = bits.getFloat64(0);
  if (m > Math.SQRT2) {
    m /= 2;
    k += 1;
  }
  const s = (m - 1) / (m + 1);
  const t = s * s;
  let sum = 0;
  for (let n = 23; n >= 3; n -= 2) sum = t * (1 / n + sum);
  return k * LN2_HIGH + (2 * s + (2 * s * sum + k * LN2_LOW));
}
