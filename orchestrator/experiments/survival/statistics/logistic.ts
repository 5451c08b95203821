import type { DataSet } from './counts.ts';

/**
 * What shares of divergence, by step size, say of P(diverge | step size):
 * - `curve`: logit P = slope (log stepSize - center), slope > 0, by maximum likelihood
 * - `never`: no training diverged, up to the largest step size
 * - `always`: every training diverged, down to the smallest
 * - `step`: all survived up to `low` and all diverged from `high` on, so that any steep enough curve between fits; the maximum is at none
 * - `falling`: the share does not rise with the step size
 * - `point`: trainings at one step size alone, of which some diverged
 * - `none`: no trainings
 */
export type Fit =
  | { kind: 'curve'; center: number; slope: number }
  | { kind: 'never'; above: number }
  | { kind: 'always'; below: number }
  | { kind: 'step'; low: number; high: number }
  | { kind: 'falling' }
  | { kind: 'point' }
  | { kind: 'none' };

const MOST_ITERATIONS = 100;
const TOLERANCE = 1e-12;

/** @param stepSizes ascending */
export function fitLogistic(stepSizes: readonly number[], { trained, diverged }: DataSet): Fit {
  const used = stepSizes.map((_, i) => i).filter((i) => trained[i] > 0);
  if (used.length === 0) return { kind: 'none' };
  const firstDiverged = used.find((i) => diverged[i] > 0);
  const lastSurvived = used.findLast((i) => diverged[i] < trained[i]);
  if (firstDiverged === undefined) return { kind: 'never', above: stepSizes[used[used.length - 1]] };
  if (lastSurvived === undefined) return { kind: 'always', below: stepSizes[used[0]] };
  if (used.length === 1) return { kind: 'point' };
  if (lastSurvived <= firstDiverged) return stepBetween(stepSizes, used, firstDiverged, lastSurvived);
  const x = used.map((i) => Math.log(stepSizes[i]));
  return maximize(
    x,
    used.map((i) => trained[i]),
    used.map((i) => diverged[i]),
  );
}

/** The neighbours of the one step size with both, or the two between which the share jumps from 0 to 1. */
function stepBetween(stepSizes: readonly number[], used: readonly number[], first: number, last: number): Fit {
  if (last < first) return { kind: 'step', low: stepSizes[last], high: stepSizes[first] };
  const at = used.indexOf(first);
  if (at === 0) return { kind: 'always', below: stepSizes[used[1]] };
  if (at === used.length - 1) return { kind: 'never', above: stepSizes[used[at - 1]] };
  return { kind: 'step', low: stepSizes[used[at - 1]], high: stepSizes[used[at + 1]] };
}

/** Newton's method on the log-likelihood, which is concave, with steps halved until they rise. */
function maximize(x: readonly number[], n: readonly number[], k: readonly number[]): Fit {
  const total = n.reduce((sum, one) => sum + one, 0);
  const mean = x.reduce((sum, one, i) => sum + n[i] * one, 0) / total;
  const share = k.reduce((sum, one) => sum + one, 0) / total;
  let [a, b] = [Math.log(share / (1 - share)), 0];
  let height = likelihood(x, n, k, mean, a, b);
  for (let iteration = 0; iteration < MOST_ITERATIONS; iteration++) {
    let [ga, gb, haa, hab, hbb] = [0, 0, 0, 0, 0];
    for (let i = 0; i < x.length; i++) {
      const d = x[i] - mean;
      const p = 1 / (1 + Math.exp(-(a + b * d)));
      const rest = k[i] - n[i] * p;
      const weight = n[i] * p * (1 - p);
      ga += rest;
      gb += rest * d;
      haa += weight;
      hab += weight * d;
      hbb += weight * d * d;
    }
    const determinant = haa * hbb - hab * hab;
    if (!(determinant > 0)) break;
    const [da, db] = [(hbb * ga - hab * gb) / determinant, (haa * gb - hab * ga) / determinant];
    let scale = 1;
    let next = likelihood(x, n, k, mean, a + da, b + db);
    while (next < height && scale > TOLERANCE) {
      scale /= 2;
      next = likelihood(x, n, k, mean, a + scale * da, b + scale * db);
    }
    a += scale * da;
    b += scale * db;
    height = next;
    if (Math.abs(scale * da) + Math.abs(scale * db) <= TOLERANCE * (Math.abs(a) + Math.abs(b))) break;
  }
  return b > 0 ? { kind: 'curve', slope: b, center: mean - a / b } : { kind: 'falling' };
}

function likelihood(
  x: readonly number[],
  n: readonly number[],
  k: readonly number[],
  mean: number,
  a: number,
  b: number,
): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) {
    const z = a + b * (x[i] - mean);
    // log(1 + e^z) without overflow
    sum += k[i] * z - n[i] * (Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))));
  }
  return sum;
}

/** P(diverge) on a curve. */
export const probability = ({ center, slope }: { center: number; slope: number }, stepSize: number): number =>
  1 / (1 + Math.exp(-slope * (Math.log(stepSize) - center)));

/**
 * The step size at which so large a share diverges. Of a step the geometric middle, of `never` infinity and of `always` 0; NaN where
 * there is none.
 */
export function stepSizeAt(fit: Fit, share: number): number {
  switch (fit.kind) {
    case 'curve':
      return Math.exp(fit.center + Math.log(share / (1 - share)) / fit.slope);
    case 'never':
      return Number.POSITIVE_INFINITY;
    case 'always':
      return 0;
    case 'step':
      return Math.sqrt(fit.low * fit.high);
    default:
      return Number.NaN;
  }
}
