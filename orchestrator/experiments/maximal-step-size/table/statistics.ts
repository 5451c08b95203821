import jStat from 'jstat';
import { EdgesweepError } from '../../../../shared/mod.ts';
import { STATISTICS, type Statistic } from '../../../../shared/sweep/mod.ts';
import type { Histogram, Sample } from './sample.ts';

/**
 * Of x_1..x_n: `sd` is the standard deviation with n - 1, `se` = sd / sqrt(n), `ci95` the half-width t_{0.975, n-1} * se
 * of the 95 % confidence interval of the mean. What is not defined (no run; a spread of one run) is null.
 */
export type Statistics = { n: number } & Record<Exclude<Statistic, 'n'>, number | null>;

/** From so many distinct step sizes on, a mean of runs is taken for normal. */
const ENOUGH_RUNGS = 4;

/**
 * Whether runs share so few step sizes that their deviation and mean say little of the distribution: ten runs on two rungs are ten
 * throws of a coin, of which eight to two is nothing rare, however many standard errors it comes to.
 */
export const onFewRungs = (rungs: number, n: number): boolean => rungs < Math.min(ENOUGH_RUNGS, n);

/** What bounds among the runs make of a statistic: an upper bound, a lower bound, neither; or it holds as it is. */
export type Mark = '' | '<=' | '>=' | '~';

export function statistics(sample: Sample): Statistics {
  const histogram = sample.histogram();
  const n = count(histogram);
  if (n === 0) return { n, mean: null, sd: null, ci95: null, se: null, min: null, median: null, max: null };
  return { n, ...moments(histogram, n), ...orderStatistics(histogram, n) };
}

export function marks(sample: Sample): Record<Statistic, Mark> {
  const { n, atMost, atLeast } = sample;
  const spread = atMost + atLeast > 0 ? '~' : '';
  const mean = mark(atMost > 0, atLeast > 0);
  const exact = { n: '', mean, sd: spread, ci95: spread, se: spread, min: '', median: '', max: '' } as const;
  if (spread === '') return exact;
  // order statistics are monotone in every value, so these are the ends of where they can lie
  const [least, told, most] = [sample.lowest(), sample.histogram(), sample.highest()].map((h) => orderStatistics(h, n));
  const between = (key: 'min' | 'median' | 'max') => mark(least[key] < told[key], most[key] > told[key]);
  return { ...exact, min: between('min'), median: between('median'), max: between('max') };
}

function mark(canBeLess: boolean, canBeMore: boolean): Mark {
  if (canBeLess) return canBeMore ? '~' : '<=';
  return canBeMore ? '>=' : '';
}

/**
 * Sums run over the distances from the smallest value, in ascending order: runs that all agree have exactly their value as the
 * mean and exactly 0 as the deviation, and the last bit does not depend on the order of arrival.
 */
function moments(histogram: Histogram, n: number): Pick<Statistics, 'mean' | 'sd' | 'ci95' | 'se'> {
  const [origin] = histogram[0];
  let sum = 0;
  for (const [value, runs] of histogram) sum += runs * (value - origin);
  const mean = origin + sum / n;
  if (n === 1) return { mean, sd: null, ci95: null, se: null };
  let squares = 0;
  for (const [value, runs] of histogram) squares += runs * (value - mean) ** 2;
  const sd = Math.sqrt(squares / (n - 1));
  const se = sd / Math.sqrt(n);
  return { mean, sd, ci95: studentQuantile(n - 1) * se, se };
}

function orderStatistics(histogram: Histogram, n: number): Record<'min' | 'median' | 'max', number> {
  const lower = ordered(histogram, Math.floor((n - 1) / 2));
  const upper = ordered(histogram, Math.floor(n / 2));
  const median = lower === upper ? lower : (lower + upper) / 2;
  return { min: histogram[0][0], median, max: histogram[histogram.length - 1][0] };
}

/** The value at `index` (from 0) of the runs in ascending order; index < n. */
function ordered(histogram: Histogram, index: number): number {
  let passed = 0;
  for (const [value, runs] of histogram) {
    passed += runs;
    if (index < passed) return value;
  }
  throw new RangeError(`no run ${index} of ${passed}`);
}

function count(histogram: Histogram): number {
  return histogram.reduce((n, [, runs]) => n + runs, 0);
}

/**
 * t_{0.975} of Student's t. Its 12 significant digits are all that is used: the logarithms underneath may differ in the last
 * bit between versions of V8, and tables must not.
 */
export function studentQuantile(degreesOfFreedom: number): number {
  return Number(jStat.studentt.inv(0.975, degreesOfFreedom).toPrecision(12));
}

/**
 * Mean minus the paper's, in standard errors of both together, our deviation taken for both:
 * (mean - paper) / (sd * sqrt(1/n + 1/paperRuns)). Null where the deviation is 0 or unknown.
 */
export function differenceFromPaper({ n, mean, sd }: Statistics, paper: number, paperRuns: number): number | null {
  if (mean === null || sd === null || sd === 0) return null;
  return (mean - paper) / (sd * Math.sqrt(1 / n + 1 / paperRuns));
}

/**
 * The statistics named, each once.
 * @throws EdgesweepError USAGE for an unknown one
 */
export function parseStatistics(names: readonly string[]): Statistic[] {
  return [...new Set(names)].map((name) => {
    const statistic = STATISTICS.find((known) => known === name);
    if (statistic !== undefined) return statistic;
    throw new EdgesweepError('USAGE', `unknown statistic \`${name}\``, {
      expected: `one of ${STATISTICS.join(', ')}`,
      got: name,
      fix: 'use one of these, several separated by commas',
    });
  });
}
