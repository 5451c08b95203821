/** A power is kept to 200 bits or more: cutting a million products leaves an error of less than 2^-180. */
const FRACTION = 200n;
const MOST = 1n << 256n;

/**
 * factor^0, factor^1, ... without end, each rounded once to the nearest float64. `**` may differ in the last bit between engines of JavaScript, and
 * in one of them between code that is compiled and code that is not; these are products of whole numbers.
 * @param factor above 1, finite
 */
export function* powersOf(factor: number): Generator<number, never> {
  // a float64 from 1 to 2^53 is a whole number of 2^-52, and a larger one is whole
  const small = factor < 2 ** 53;
  const multiplier = BigInt(small ? factor * 2 ** 52 : factor);
  const shift = small ? 52n : 0n;
  let power = 1n << FRACTION;
  let unit = 2 ** -200;
  for (;;) {
    yield Number(power) * unit;
    power = (power * multiplier) >> shift;
    for (; power >= MOST; unit *= 2) power >>= 1n;
  }
}
