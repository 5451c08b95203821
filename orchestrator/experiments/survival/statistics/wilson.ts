/** The 0.975 quantile of the standard normal distribution. */
const Z = 1.959963984540054;

/**
 * The 95 % interval of a probability of which `count` of n trials, n >= 1, came true: the p with |count/n - p| <= z sqrt(p (1 - p) / n).
 * It takes the trials for independent.
 *
 * Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927).
 */
export function wilson(count: number, n: number): { low: number; high: number } {
  const square = Z * Z;
  const center = count + square / 2;
  const half = Z * Math.sqrt((count * (n - count)) / n + square / 4);
  // where none or all came true the end is exact
  const low = count === 0 ? 0 : (center - half) / (n + square);
  const high = count === n ? 1 : (center + half) / (n + square);
  return { low, high };
}
