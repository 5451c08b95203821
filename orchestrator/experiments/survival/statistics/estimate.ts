import type { DataSet } from './counts.ts';
import { pooled } from './counts.ts';
import { crossing } from './isotonic.ts';
import { type Fit, fitLogistic, probability, stepSizeAt } from './logistic.ts';
import { Resampler } from './resample.ts';

const REPLICATES = 1000;

/** The shares of divergence whose step sizes are reported. */
export const SHARES = { eta05: 0.05, eta50: 0.5, eta95: 0.95 } as const;
export type Quantile = keyof typeof SHARES;
export const QUANTILES = Object.keys(SHARES) as Quantile[];

/** A step size with its 95 % interval; null where the data say none, or only a bound. */
export type Quantiles = Record<Quantile, { value: number | null; low: number | null; high: number | null }>;

export type Estimate = {
  fit: Fit;
  /** largest difference of a share from the curve; null without one */
  misfit: number | null;
  /** by the curve */
  onCurve: Quantiles;
  /** by the shares alone, see `crossing` */
  onShares: Quantiles;
};

/** A curve that misses a share by more than this is not what the shares look like. */
export const MISFIT = 0.1;

/** The step sizes that tables show. */
export const quantilesOf = ({ misfit, onShares, onCurve }: Estimate): Quantiles =>
  misfit !== null && misfit > MISFIT ? onShares : onCurve;

/**
 * The fit, and its step sizes with the percentiles 2.5 and 97.5 of their bootstrap, where there are two data sets or more. Numbers have
 * 9 significant digits: logarithms may differ in the last bit between versions of V8, and tables must not.
 */
export function estimate(stepSizes: readonly number[], dataSets: readonly DataSet[], seed: number): Estimate {
  const all = pooled(dataSets, stepSizes.length);
  const fit = rounded(fitLogistic(stepSizes, all));
  const resampler = new Resampler(dataSets, seed);
  const replicates =
    fit.kind === 'curve' && dataSets.length > 1
      ? Array.from({ length: REPLICATES }, (_, b) => pooled(resampler.replicate(b).dataSets, stepSizes.length))
      : [];
  const fits = replicates.map((counts) => fitLogistic(stepSizes, counts));
  const quantiles = (value: (share: number) => number, values: (share: number) => number[]) =>
    Object.fromEntries(
      QUANTILES.map((name) => [name, { value: finite(value(SHARES[name])), ...interval(values(SHARES[name])) }]),
    ) as Quantiles;
  return {
    fit,
    misfit: fit.kind === 'curve' ? misfitOf(fit, stepSizes, all) : null,
    onCurve: quantiles(
      (share) => (fit.kind === 'curve' ? stepSizeAt(fit, share) : Number.NaN),
      (share) => fits.map((one) => stepSizeAt(one, share)),
    ),
    onShares: quantiles(
      (share) => (fit.kind === 'curve' ? crossing(stepSizes, all, share) : Number.NaN),
      (share) => replicates.map((counts) => crossing(stepSizes, counts, share)),
    ),
  };
}

/** Replicates without a value could lie anywhere, and count on both sides. */
function interval(values: readonly number[]): { low: number | null; high: number | null } {
  if (values.length === 0) return { low: null, high: null };
  const at = (missing: number, share: number) => {
    const sorted = values.map((value) => (Number.isNaN(value) ? missing : value)).sort((a, b) => a - b);
    return finite(sorted[Math.round(share * (sorted.length - 1))]);
  };
  return { low: at(0, 0.025), high: at(Number.POSITIVE_INFINITY, 0.975) };
}

function misfitOf(
  curve: { center: number; slope: number },
  stepSizes: readonly number[],
  { trained, diverged }: DataSet,
): number {
  const misses = stepSizes.map((stepSize, i) =>
    trained[i] === 0 ? 0 : Math.abs(diverged[i] / trained[i] - probability(curve, stepSize)),
  );
  return significant(Math.max(...misses));
}

const significant = (value: number): number => Number(value.toPrecision(9));
const finite = (value: number): number | null => (value > 0 && Number.isFinite(value) ? significant(value) : null);

const rounded = (fit: Fit): Fit =>
  fit.kind === 'curve' ? { kind: 'curve', center: significant(fit.center), slope: significant(fit.slope) } : fit;
