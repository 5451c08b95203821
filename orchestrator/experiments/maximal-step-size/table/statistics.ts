import { EdgesweepError } from '../../../../shared/mod.ts';
import { STATISTICS, type Statistic } from '../../../../shared/sweep/mod.ts';
import { countOf, type Histogram, moments } from '../../../statistics.ts';
import type { Sample } from './sample.ts';

/**
 * Of x_1..x_n: `sd` is the standard deviation with n - 1, `se` = sd / sqrt(n), `ci95` the half-width t_{0.975, n-1} * se
 * of the 95 % confidence interval of the mean. What is not defined (no run; a spread of one run) is null.
 */
export type Statistics = { n: number } & Record<Exclude<Statistic, 'n'>, number | null>;

/** What bounds among the runs make of a statistic: an upper bound, a lower bound, neither; or it holds as it is. */
export type Mark = '' | '<=' | '>=' | '~';

export function statistics(sample: Sample): Statistics {
  const histogram = sample.histogram();
  const n = countOf(histogram);
  if (n === 0) return { n, mean: null, sd: null, ci95: null, se: null, min: null, median: null, max: null };
  return { n, ...moments(histogram), ...orderStatistics(histogram, n) };
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
