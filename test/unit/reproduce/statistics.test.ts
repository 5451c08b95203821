import { expect, test } from 'vitest';
import { atLeast, wilson } from '../../../reproduce/explanations/binomial.ts';
import { probabilityOfMean } from '../../../reproduce/explanations/mean-of-runs.ts';

test("Wilson's interval is that of Newcombe 1998, table I", () => {
  const cases: [number, number, number, number][] = [
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ];
  for (const [hits, n, least, most] of cases) {
    const interval = wilson(hits, n);
    expect(interval[0]).toBeCloseTo(least, 4);
    expect(interval[1]).toBeCloseTo(most, 4);
  }
});

test('at least so many of n: binomial tails', () => {
  expect(atLeast(9, 10, 0.5)).toBeCloseTo(11 / 1024, 12);
  expect(atLeast(0, 10, 0.3)).toBeCloseTo(1, 12);
  expect(atLeast(10, 10, 0.3)).toBeCloseTo(0.3 ** 10, 12);
});

test('the mean of ten runs on two rungs is binomial', () => {
  const counted = [
    { value: 12.46999, count: 450 },
    { value: 12.5947, count: 550 },
  ];
  const { atLeast: upper, atMost, twoSided } = probabilityOfMean(counted, 10, 12.58223);
  expect(upper).toBeCloseTo(atLeast(9, 10, 0.55), 9);
  expect(atMost).toBeCloseTo(1 - 0.55 ** 10, 9);
  expect(twoSided).toBeCloseTo(2 * atLeast(9, 10, 0.55), 9);
});

test('the mean of two throws of a die', () => {
  const counted = [1, 2, 3, 4, 5, 6].map((value) => ({ value, count: 1 }));
  expect(probabilityOfMean(counted, 2, 5.5)).toMatchObject({
    atLeast: expect.closeTo(3 / 36, 9),
    atMost: expect.closeTo(35 / 36, 9),
    twoSided: expect.closeTo(6 / 36, 9),
  });
});

test('where all runs agree, the mean is theirs', () => {
  expect(probabilityOfMean([{ value: 2, count: 7 }], 10, 2).twoSided).toBe(1);
});
