import { expect, test } from 'vitest';
import { compare, sampleOf } from '../../../orchestrator/diff/welch.ts';
import { histogramOf } from '../../../orchestrator/statistics.ts';

const sample = (...values: number[]) => sampleOf(histogramOf(values))!;

test("Welch's interval computed by hand", () => {
  // variances 1 and 4 of 3 values: se² = 5/3, ν = (5/3)² / ((1/3)²/2 + (4/3)²/2) = 50/17, t = 3.219 there
  const { difference, ratio, low, high } = compare(sample(1, 2, 3), sample(4, 6, 8));
  expect({ difference, ratio }).toEqual({ difference: 4, ratio: 3 });
  expect(high! - difference).toBeCloseTo(difference - low!, 12);
  expect((high! - difference) / Math.sqrt(5 / 3)).toBeCloseTo(3.2187, 2);
});

test('one run has no interval, runs that all agree one of width 0, and a ratio to 0 does not exist', () => {
  expect(compare(sample(1), sample(2, 3))).toEqual({ difference: 1.5, ratio: 2.5, low: null, high: null });
  expect(compare(sample(0, 0), sample(2, 2))).toEqual({ difference: 2, ratio: null, low: 2, high: 2 });
  expect(sampleOf([])).toBeNull();
});
