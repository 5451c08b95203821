import { stringify } from 'csv-stringify/sync';
import { type Cell, experimentOfCell } from '../../shared/mod.ts';
import type { Series } from '../../shared/series/mod.ts';
import { RequestError } from './answers.ts';
import type { SeriesColumns } from './wire.ts';

/** Columns about the measuring, such as whether a sharpness converged, and the many of a density: sent when they are asked for by name. */
const TECHNICAL = /_converged|_residual|(^|_)products|^density_/;
/** Columns that are sent when none are asked for: many are thinned less, since each keeps its own peaks. */
const MOST_COLUMNS = 32;
const MOST_VALUES = 5_000_000;

type Thinning = {
  points: number;
  from?: number;
  to?: number;
  /** names of columns; undefined: those that are not technical */
  columns?: readonly string[] | undefined;
  /** of the training; its edge is sent too */
  cell?: Cell;
};

/** The columns of one file that a series is drawn over. */
const AXES = ['iteration', 'step'];

/**
 * A series with at most about so many rows: of each stretch of rows, for every column the row of its smallest and of its largest value, so that no
 * peak is lost. Rows that are kept are whole.
 */
export function thinSeries(
  { rows, columns }: Series,
  { points, from = 0, to = rows, columns: wanted, cell }: Thinning,
): SeriesColumns {
  const all = [...columns.keys()];
  const usual = all.filter((name) => !TECHNICAL.test(name)).slice(0, MOST_COLUMNS);
  const names = wanted === undefined ? usual : all.filter((name) => AXES.includes(name) || wanted.includes(name));
  const kept = new Set<number>();
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
  const edge = cell && experimentOfCell(cell).edge?.(cell);
  return {
    rows,
    names: all,
    columns: Object.fromEntries(names.map((name) => [name, pick(columns.get(name)!)])),
    ...(edge && { edge }),
  };
}

/** Every row and column; empty where nothing was measured. @throws RequestError for too many values */
export function seriesCsv({ columns }: Series, from: number, to: number): string {
  if ((to - from) * columns.size > MOST_VALUES) {
    throw new RequestError(
      413,
      `more than ${MOST_VALUES} values: zoom in, or read the Parquet file in the folder \`series\``,
    );
  }
  const values = [...columns.values()];
  const rows = Array.from({ length: Math.max(0, to - from) }, (_, i) =>
    values.map((column) => (Number.isNaN(column[from + i]) ? '' : column[from + i])),
  );
  return stringify([[...columns.keys()], ...rows]);
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
