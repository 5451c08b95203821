/** Values are put on a grid of so many points from the smallest to the largest. */
const POINTS = 2000;

export type Tail = { atLeast: number; atMost: number; twoSided: number };

/**
 * Where a mean lies in the distribution of means of `runs` independent draws from what was counted: the convolution of the distribution
 * with itself, exact but for the grid. What lies within the grid's rounding of the mean counts on both sides.
 */
export function probabilityOfMean(
  counted: readonly { value: number; count: number }[],
  runs: number,
  mean: number,
): Tail {
  const values = counted.map(({ value }) => value);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const step = (most - least) / (POINTS - 1) || 1;
  const total = counted.reduce((sum, { count }) => sum + count, 0);
  const one = new Float64Array(POINTS);
  for (const { value, count } of counted) one[Math.round((value - least) / step)] += count / total;
  let sum: Float64Array = one;
  for (let run = 1; run < runs; run++) sum = convolve(sum, one);
  const at = (runs * (mean - least)) / step;
  // each of the draws is off by half a step at most
  const slack = runs / 2;
  const share = (within: (index: number) => boolean) => sum.reduce((part, p, i) => (within(i) ? part + p : part), 0);
  const atLeast = share((index) => index >= at - slack);
  const atMost = share((index) => index <= at + slack);
  return { atLeast, atMost, twoSided: Math.min(1, 2 * Math.min(atLeast, atMost)) };
}

function convolve(a: Float64Array, b: Float64Array): Float64Array {
  const result = new Float64Array(a.length + b.length - 1);
  for (const [j, q] of b.entries()) {
    if (q === 0) continue;
    for (let i = 0; i < a.length; i++) result[i + j] += a[i] * q;
  }
  return result;
}
