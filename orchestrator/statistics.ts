import jStat from 'jstat';

/** [value, number of runs], values ascending. */
export type Histogram = [value: number, count: number][];

/** Of n >= 1 runs: `sd` with n - 1, `se` = sd / sqrt(n), `ci95` the half-width t_{0.975, n-1} * se. A spread of one run is null. */
export type Moments = { mean: number; sd: number | null; ci95: number | null; se: number | null };

/** From so many distinct values on, a mean of runs is taken for normal. */
const ENOUGH_VALUES = 4;

/**
 * Whether runs share so few values that their deviation and mean say little of the distribution: ten runs on two rungs are ten throws of
 * a coin, of which eight to two is nothing rare, however many standard errors it comes to.
 */
export const onFewValues = (values: number, n: number): boolean => values < Math.min(ENOUGH_VALUES, n);

/** The values by size, equal ones together. */
export function histogramOf(values: readonly number[]): Histogram {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([a], [b]) => a - b);
}

export const countOf = (histogram: Histogram): number => histogram.reduce((n, [, runs]) => n + runs, 0);

/**
 * Sums run over the distances from the smallest value, in ascending order: runs that all agree have exactly their value as the
 * mean and exactly 0 as the deviation, and the last bit does not depend on the order of arrival.
 * @param histogram of at least one run
 */
export function moments(histogram: Histogram): Moments {
  const n = countOf(histogram);
  const [origin] = histogram[0];
  let sum = 0;
  for (const [value, runs] of histogram) sum += runs * (value - origin);
  const mean = origin + sum / n;
  if (n === 1) return { mean, sd: null, ci95: null, se: null };
  let squares = 0;
  for (const [value, runs] of histogram) squares += runs * ((value - mean) * (value - mean));
  const sd = Math.sqrt(squares / (n - 1));
  const se = sd / Math.sqrt(n);
  return { mean, sd, ci95: studentQuantile(n - 1) * se, se };
}

/**
 * t_{0.975} of Student's t. Its 12 significant digits are all that is used: the logarithms underneath may differ in the last
 * bit between versions of V8, and tables must not.
 */
export function studentQuantile(degreesOfFreedom: number): number {
  return Number(jStat.studentt.inv(0.975, degreesOfFreedom).toPrecision(12));
}

/** The median of ascending numbers; null of none. */
export function medianOf(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const middle = values.length >> 1;
  return values.length % 2 === 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}
