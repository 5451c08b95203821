/** Mean, variance, skewness and excess kurtosis of a sample. */
export function moments(sample: readonly number[]): {
  mean: number;
  variance: number;
  skewness: number;
  kurtosis: number;
} {
  const average = (f: (x: number) => number): number => sample.reduce((sum, x) => sum + f(x), 0) / sample.length;
  const mean = average((x) => x);
  const variance = average((x) => (x - mean) ** 2);
  return {
    mean,
    variance,
    skewness: average((x) => (x - mean) ** 3) / variance ** 1.5,
    kurtosis: average((x) => (x - mean) ** 4) / variance ** 2 - 3,
  };
}

/**
 * The statistic of Kolmogorov and Smirnov, times the square root of the sample's size: the largest distance of the sample's
 * distribution function from `cdf`. For a sample of that distribution it exceeds 1.95 with probability 0.001.
 */
export function kolmogorov(sample: readonly number[], cdf: (x: number) => number): number {
  const n = sample.length;
  const distances = [...sample].sort((a, b) => a - b).map((x, i) => Math.max((i + 1) / n - cdf(x), cdf(x) - i / n));
  return distances.reduce((a, b) => Math.max(a, b)) * Math.sqrt(n);
}

/** The chi-square statistic of counts that are expected to be equal. */
export function chiSquare(counts: readonly number[]): number {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}
