import { studentQuantile } from '../../statistics.ts';
import type { Statistics } from '../wire.ts';

/** Sums of one measure over the runs of each cell: count, mean and sum of squared deviations by Welford's method, extremes. */
export type Sums = { n: Uint32Array; mean: Float64Array; m2: Float64Array; min: Float64Array; max: Float64Array };

export const noSums = (cells: number): Sums => ({
  n: new Uint32Array(cells),
  mean: new Float64Array(cells),
  m2: new Float64Array(cells),
  min: new Float64Array(cells),
  max: new Float64Array(cells),
});

/** Adds the value of a run. */
export function include({ n, mean, m2, min, max }: Sums, cell: number, value: number): void {
  n[cell] += 1;
  const distance = value - mean[cell];
  mean[cell] += distance / n[cell];
  m2[cell] += distance * (value - mean[cell]);
  min[cell] = n[cell] === 1 ? value : Math.min(min[cell], value);
  max[cell] = n[cell] === 1 ? value : Math.max(max[cell], value);
}

/** t_{0.975} by degrees of freedom, which are few. */
const quantiles = new Map<number, number>();

function quantile(degrees: number): number {
  let known = quantiles.get(degrees);
  if (known === undefined) {
    known = studentQuantile(degrees);
    quantiles.set(degrees, known);
  }
  return known;
}

/** @param cells numbers of those that are asked for */
export function statisticsOf({ n, mean, m2, min, max }: Sums, cells: readonly number[]): Statistics {
  const ifAny = (values: Float64Array) => cells.map((cell) => (n[cell] === 0 ? null : finite(values[cell])));
  const sd = cells.map((cell) => (n[cell] < 2 ? null : finite(Math.sqrt(m2[cell] / (n[cell] - 1)))));
  return {
    n: cells.map((cell) => n[cell]),
    mean: ifAny(mean),
    sd,
    ci95: cells.map((cell, i) => {
      const deviation = sd[i];
      return deviation === null ? null : (quantile(n[cell] - 1) * deviation) / Math.sqrt(n[cell]);
    }),
    min: ifAny(min),
    max: ifAny(max),
  };
}

/** JSON has no infinity. */
const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);
