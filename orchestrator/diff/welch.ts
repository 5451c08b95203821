import { type Histogram, type Moments, moments, studentQuantile } from '../statistics.ts';

/** Runs of one cell in one sweep. */
export type Sample = Moments & { n: number; values: number };

export const sampleOf = (histogram: Histogram): Sample | null =>
  histogram.length === 0
    ? null
    : { ...moments(histogram), n: histogram.reduce((n, [, runs]) => n + runs, 0), values: histogram.length };

/** `difference` = mean of b less that of a, `ratio` = b / a; `low` to `high` is the 95 % confidence interval of the difference. */
export type Comparison = { difference: number; ratio: number | null; low: number | null; high: number | null };

/**
 * Welch's interval, which does not take the variances for equal: d ± t_{0.975, ν} se with se² = s_a²/n_a + s_b²/n_b and
 * ν = se⁴ / ((s_a²/n_a)²/(n_a - 1) + (s_b²/n_b)²/(n_b - 1)) degrees of freedom (Welch 1947). Null where a side has one run; of
 * width 0 where all runs of each side agree.
 */
export function compare(a: Sample, b: Sample): Comparison {
  const difference = b.mean - a.mean;
  const ratio = a.mean === 0 ? null : b.mean / a.mean;
  if (a.se === null || b.se === null) return { difference, ratio, low: null, high: null };
  const [ofA, ofB] = [a.se ** 2, b.se ** 2];
  const variance = ofA + ofB;
  if (variance === 0) return { difference, ratio, low: difference, high: difference };
  const degrees = variance ** 2 / (ofA ** 2 / (a.n - 1) + ofB ** 2 / (b.n - 1));
  const half = studentQuantile(degrees) * Math.sqrt(variance);
  return { difference, ratio, low: difference - half, high: difference + half };
}
