import type { GridValue } from '../../../../shared/mod.ts';
import type { FigureData, Point } from './data.ts';

/** What a row of a figure's data stands for. */
export const KINDS = {
  mean: 'mean',
  /** the mean of some of the runs that there are to be */
  partialMean: 'partial mean',
  run: 'run',
  atMost: 'at most',
  atLeast: 'at least',
  paper: 'paper',
  /** stands for a panel without any run */
  none: 'none',
} as const;
export type Kind = (typeof KINDS)[keyof typeof KINDS];

/** `alone`: the only point of its line in its panel, where a band has no width. */
export type Row = { kind: Kind; alone?: boolean } & Record<string, GridValue | boolean | null | undefined>;

/** What the figure shows; of a panel without runs just that it is there. */
export function rowsOf({ points, encoding }: Pick<FigureData, 'points' | 'encoding'>): Row[] {
  const panels = new Set(points.map(({ facet }) => facet));
  return [...panels].flatMap((facet) => {
    const members = points.filter((point) => point.facet === facet);
    const rows = members.flatMap((point) => {
      const alone = members.every(({ line, x }) => line !== point.line || x === point.x);
      return rowsOfPoint(point, encoding.scale.y === 'log').map((row) => (alone ? { ...row, alone } : row));
    });
    if (rows.length > 0) return rows;
    return [{ x: members[0].x, facet: facet ?? null, line: members[0].line ?? null, kind: KINDS.none }];
  });
}

/** A row for the mean, for each step size that runs ended on, for those that are bounds, and for the printed value. */
function rowsOfPoint({ x, facet, line, entry }: Point, logarithmic: boolean): Row[] {
  const { n, mean, ci95 } = entry.statistics;
  const place = { x, facet: facet ?? null, line: line ?? null };
  const rows: Row[] = [];
  for (const { value, exact, atMost, atLeast } of entry.tallies) {
    const counts = { [KINDS.run]: exact, [KINDS.atMost]: atMost, [KINDS.atLeast]: atLeast };
    for (const [kind, runs] of Object.entries(counts)) {
      if (runs > 0) rows.push({ ...place, kind: kind as Kind, value: tidy(value), runs });
    }
  }
  if (mean !== null) {
    const kind = n < entry.runs ? KINDS.partialMean : KINDS.mean;
    rows.push({ ...place, kind, mean: tidy(mean), ...band(entry, mean, ci95, logarithmic), runs: n });
  }
  if (entry.paper !== null) rows.push({ ...place, kind: KINDS.paper, value: entry.paper });
  return rows;
}

/** None of one run, nor where bounds among the runs leave the spread unknown. */
function band({ atMost, atLeast, tallies }: Point['entry'], mean: number, half: number | null, logarithmic: boolean) {
  if (half === null || atMost + atLeast > 0) return { low: null, high: null };
  // what reached below 0 would have no place on a logarithmic axis
  const low = logarithmic ? Math.max(mean - half, Math.min(mean, tallies[0].value) / 2) : mean - half;
  return { low: tidy(low), high: tidy(mean + half) };
}

/** Six digits draw the same figure, and do not depend on the last bit of a quantile. */
const tidy = (value: number): number => Number(value.toPrecision(6));
