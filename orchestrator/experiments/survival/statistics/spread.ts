import type { DataSet } from './counts.ts';

/** Of the step size at which a training would begin to diverge, on a logarithmic scale: variances between data sets and within them. */
export type Spread = { between: number; within: number };

const MOST_ITERATIONS = 200;
const TOLERANCE = 1e-10;

/**
 * A logistic curve for each data set, all with one slope b, by maximum likelihood: logit P_d = b log stepSize + a_d. Seen as the share of
 * trainings whose own threshold lies below the step size, such a curve is a logistic distribution of log thresholds with the mean
 * -a_d / b and the variance pi^2 / (3 b^2), which is what initial weights contribute (`within`). `between` is the variance of the means,
 * less what their own errors contribute, at least 0. A mean is known to within the step sizes around it, whatever the likelihood says of
 * one whose trainings all change between the two.
 *
 * @returns undefined where fewer than two data sets have both trainings that diverged and that did not, or the shares do not rise
 */
export function spreadOf(stepSizes: readonly number[], dataSets: readonly DataSet[]): Spread | undefined {
  const x = stepSizes.map(Math.log);
  const mixed = dataSets.filter(({ trained, diverged }) => {
    const [n, k] = [sumOf(trained), sumOf(diverged)];
    return k > 0 && k < n;
  });
  if (mixed.length < 2) return undefined;
  const slope = commonSlope(x, mixed);
  if (slope === undefined) return undefined;
  const means: number[] = [];
  let errors = 0;
  for (const dataSet of mixed) {
    const { center, information } = centerOf(x, dataSet, slope);
    means.push(center);
    errors += Math.min(1 / (slope * slope * information), gapAt(x, center) ** 2 / 12);
  }
  const mean = means.reduce((sum, one) => sum + one, 0) / means.length;
  const variance = means.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (means.length - 1);
  return {
    between: Math.max(0, variance - errors / means.length),
    within: Math.PI ** 2 / (3 * slope * slope),
  };
}

/** The slope at which the likelihood, maximal over all centers, is at its top: where its derivative changes its sign. */
function commonSlope(x: readonly number[], dataSets: readonly DataSet[]): number | undefined {
  const rises = (slope: number) =>
    dataSets.reduce((sum, dataSet) => {
      const { center } = centerOf(x, dataSet, slope);
      return x.reduce((total, one, i) => {
        const p = 1 / (1 + Math.exp(-slope * (one - center)));
        return total + (dataSet.diverged[i] - dataSet.trained[i] * p) * (one - center);
      }, sum);
    }, 0) > 0;
  let [low, high] = [1e-3, 1];
  if (!rises(low)) return undefined;
  while (rises(high)) {
    low = high;
    high *= 2;
    // steps from 0 to 1 in every data set
    if (high > 1e9) return undefined;
  }
  for (let iteration = 0; iteration < MOST_ITERATIONS && high - low > TOLERANCE * high; iteration++) {
    const middle = (low + high) / 2;
    if (rises(middle)) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Where expected and counted divergences agree, by bisection; the information is that on the intercept. */
function centerOf(
  x: readonly number[],
  { trained, diverged }: DataSet,
  slope: number,
): { center: number; information: number } {
  const counted = sumOf(diverged);
  const expected = (center: number) =>
    x.reduce((sum, one, i) => sum + trained[i] / (1 + Math.exp(-slope * (one - center))), 0);
  const reach = 50 / slope;
  let [low, high] = [x[0] - reach, x[x.length - 1] + reach];
  for (let iteration = 0; iteration < MOST_ITERATIONS && high - low > TOLERANCE; iteration++) {
    const middle = (low + high) / 2;
    if (expected(middle) > counted) low = middle;
    else high = middle;
  }
  const center = (low + high) / 2;
  const information = x.reduce((sum, one, i) => {
    const p = 1 / (1 + Math.exp(-slope * (one - center)));
    return sum + trained[i] * p * (1 - p);
  }, 0);
  return { center, information };
}

/** The distance of the two neighbours. */
function gapAt(x: readonly number[], center: number): number {
  const above = Math.min(
    Math.max(
      1,
      x.findIndex((one) => one > center),
    ),
    x.length - 1,
  );
  return x[above] - x[above - 1];
}

const sumOf = (counts: Uint32Array): number => counts.reduce((sum, one) => sum + one, 0);
