import type { Series } from '../../shared/series/mod.ts';
import type { SeriesColumns } from './wire.ts';

/**
 * A series with at most about so many rows: of each stretch of rows, for every column the row of its smallest and of its largest value, so that no
 * peak is lost. Rows that are kept are whole.
 */
export function thinSeries({ rows, columns }: Series, points: number, from = 0, to = rows): SeriesColumns {
  const kept = new Set<number>();
  const names = [...columns.keys()].filter((name) => !/_converged|_residual|^products/.test(name));
  const stretch = Math.max(1, Math.ceil((2 * (to - from)) / points));
  for (let start = from; start < to; start += stretch) {
    const end = Math.min(to, start + stretch);
    if (stretch <= 2) {
      for (let row = start; row < end; row += 1) kept.add(row);
      continue;
    }
    kept.add(start);
    for (const name of names) for (const row of extremesOf(columns.get(name)!, start, end)) kept.add(row);
  }
  if (to > from) kept.add(to - 1);
  const chosen = [...kept].sort((a, b) => a - b);
  const pick = (values: Float64Array) => chosen.map((row) => (Number.isFinite(values[row]) ? values[row] : null));
  return { rows, columns: Object.fromEntries(names.map((name) => [name, pick(columns.get(name)!)])) };
}

function extremesOf(values: Float64Array, start: number, end: number): number[] {
  let [low, high] = [-1, -1];
  for (let row = start; row < end; row += 1) {
    const value = values[row];
    if (Number.isNaN(value)) continue;
    if (low < 0 || value < values[low]) low = row;
    if (high < 0 || value > values[high]) high = row;
  }
  return low < 0 ? [] : [low, high];
}
