import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Sample } from '../../../orchestrator/experiments/maximal-step-size/table/sample.ts';
import {
  differenceFromPaper,
  marks,
  parseStatistics,
  statistics,
} from '../../../orchestrator/experiments/maximal-step-size/table/statistics.ts';
import { studentQuantile } from '../../../orchestrator/statistics.ts';

type Run = Parameters<Sample['add']>[0];

const exact = (stepSize: number): Run => ({ stepSize, rung: 1, end: 'diverged' });
const atMost = (stepSize: number): Run => ({ stepSize, rung: 0, end: 'diverged' });
const atLeast = (stepSize: number): Run => ({ stepSize, rung: 900, end: 'ceiling' });

function sampleOf(runs: readonly Run[]): Sample {
  const sample = new Sample();
  for (const run of runs) sample.add(run);
  return sample;
}

test('the statistics of a sample computed by hand', () => {
  // mean 5, squares 9+1+1+1+0+0+4+16 = 32
  const of = statistics(sampleOf([2, 4, 4, 4, 5, 5, 7, 9].map(exact)));
  expect(of).toMatchObject({ n: 8, mean: 5, min: 2, median: 4.5, max: 9 });
  expect(of.sd).toBeCloseTo(Math.sqrt(32 / 7), 12);
  expect(of.se).toBeCloseTo(Math.sqrt(32 / 7 / 8), 12);
  expect(of.ci95).toBeCloseTo(2.364624 * Math.sqrt(32 / 7 / 8), 6);
});

test('the median of an odd number of runs is the middle one', () => {
  expect(statistics(sampleOf([9, 1, 4].map(exact))).median).toBe(4);
});

test("the thesis's sigmoid row: one run at rung 485 and nine at 486 of 0.1 * 1.01^k", () => {
  const step = (rung: number): Run => ({ stepSize: 0.1 * 1.01 ** rung, rung, end: 'diverged' });
  const of = statistics(sampleOf([step(485), ...Array.from({ length: 9 }, () => step(486))]));
  expect(of.mean?.toFixed(5)).toBe('12.58223');
  expect(of.n).toBe(10);
});

test.each([
  [1, 12.7062],
  [2, 4.3027],
  [4, 2.7764],
  [9, 2.2622],
  [30, 2.0423],
  [120, 1.9799],
  [1_000_000, 1.96],
])("Student's t with %d degrees of freedom has the published quantile %d", (degrees, published) => {
  expect(studentQuantile(degrees)).toBeCloseTo(published, 4);
});

test('one run has no spread, no run has nothing', () => {
  const one = { n: 1, mean: 3, sd: null, ci95: null, se: null, min: 3, median: 3, max: 3 };
  expect(statistics(sampleOf([exact(3)]))).toEqual(one);
  const none = { n: 0, mean: null, sd: null, ci95: null, se: null, min: null, median: null, max: null };
  expect(statistics(sampleOf([]))).toEqual(none);
});

test('runs that agree have their value as the mean, to the bit, and no deviation', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-6, max: 1e6, noNaN: true }), fc.integer({ min: 2, max: 50 }), (value, n) => {
      const of = statistics(sampleOf(Array.from({ length: n }, () => exact(value))));
      expect(of).toMatchObject({ mean: value, sd: 0, se: 0, ci95: 0, median: value });
    }),
    { numRuns: 50 },
  );
});

const run = fc.oneof(
  fc.integer({ min: 1, max: 60 }).map((rung) => exact(0.1 * 1.01 ** rung)),
  fc.constant(atMost(0.1)),
);
const shuffled = fc
  .array(run, { minLength: 1, maxLength: 60 })
  .chain((runs) => fc.tuple(fc.constant(runs), fc.shuffledSubarray(runs, { minLength: runs.length })));

test('every statistic is the same to the bit in whatever order the runs arrive', () => {
  fc.assert(
    fc.property(shuffled, ([runs, reordered]) => {
      expect(statistics(sampleOf(reordered))).toEqual(statistics(sampleOf(runs)));
      expect(marks(sampleOf(reordered))).toEqual(marks(sampleOf(runs)));
    }),
    { numRuns: 100 },
  );
});

test('mean and deviation are those of the plain formula over all runs', () => {
  fc.assert(
    fc.property(shuffled, ([runs]) => {
      const values = runs.map(({ stepSize }) => stepSize);
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const of = statistics(sampleOf(runs));
      expect(of.mean).toBeCloseTo(mean, 12);
      if (values.length === 1) return;
      const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
      expect(of.sd! ** 2).toBeCloseTo(variance, 12);
    }),
    { numRuns: 100 },
  );
});

test('memory goes with the step sizes met, not with the runs', () => {
  const sample = sampleOf(Array.from({ length: 5000 }, (_, i) => exact(i % 7)));
  expect(sample.histogram()).toHaveLength(7);
  expect(sample.n).toBe(5000);
});

test('a divergence at the first rung makes the mean an upper bound, a ceiling a lower one, both neither', () => {
  expect(marks(sampleOf([exact(1), exact(2)])).mean).toBe('');
  expect(marks(sampleOf([atMost(1), exact(2)])).mean).toBe('<=');
  expect(marks(sampleOf([exact(1), atLeast(2)])).mean).toBe('>=');
  expect(marks(sampleOf([atMost(1), atLeast(2)])).mean).toBe('~');
});

test('a bound leaves the order statistics that it cannot move unmarked', () => {
  const low = marks(sampleOf([atMost(1), exact(2), exact(3), exact(4), exact(5)]));
  expect(low).toEqual({ n: '', mean: '<=', sd: '~', ci95: '~', se: '~', min: '<=', median: '', max: '' });
  const high = marks(sampleOf([exact(1), atLeast(9), atLeast(9)]));
  expect(high).toMatchObject({ min: '', median: '>=', max: '>=' });
  expect(marks(sampleOf([atLeast(9), atLeast(9)]))).toMatchObject({ min: '>=', median: '>=', max: '>=' });
});

test('bounds are counted by side', () => {
  const sample = sampleOf([atMost(1), atMost(1), exact(2), atLeast(9)]);
  expect([sample.n, sample.atMost, sample.atLeast]).toEqual([4, 2, 1]);
});

test('the difference from the paper is in standard errors of both, with our deviation', () => {
  const of = statistics(sampleOf([2, 4, 4, 4, 5, 5, 7, 9].map(exact)));
  expect(differenceFromPaper(of, 4, 10)).toBeCloseTo(1 / (Math.sqrt(32 / 7) * Math.sqrt(1 / 8 + 1 / 10)), 12);
});

test('without a deviation there is no difference from the paper', () => {
  expect(differenceFromPaper(statistics(sampleOf([exact(3), exact(3)])), 4, 10)).toBeNull();
  expect(differenceFromPaper(statistics(sampleOf([exact(3)])), 4, 10)).toBeNull();
  expect(differenceFromPaper(statistics(sampleOf([])), 4, 10)).toBeNull();
});

test('statistics are asked for by name, each once, and an unknown name is an error that lists them', () => {
  expect(parseStatistics(['sd', 'mean', 'sd'])).toEqual(['sd', 'mean']);
  expect(() => parseStatistics(['mean', 'average'])).toThrow(
    expect.objectContaining({
      code: 'USAGE',
      message: 'unknown statistic `average`',
      details: expect.objectContaining({ expected: 'one of n, mean, sd, ci95, se, min, median, max' }),
    }),
  );
});
