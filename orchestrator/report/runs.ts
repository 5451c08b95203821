import type { Cell } from '../../shared/mod.ts';
import { type AdaptiveRuns, type Expansion, isAdaptive, type Stop } from '../../shared/sweep/mod.ts';

export type CellRuns = {
  runs: number;
  /** why there are no more: runs that are missing before most runs before a narrow interval; undefined where their number is fixed */
  stop: Stop | undefined;
};

const indexes = new WeakMap<Expansion, Map<Cell, number>>();

/** The runs that cells of an expansion get together. */
export function runsOfCells(expansion: Expansion, cells: readonly Cell[]): CellRuns {
  const known = indexes.get(expansion) ?? new Map(expansion.cells.map((cell, index) => [cell, index]));
  indexes.set(expansion, known);
  const places = cells.map((cell) => known.get(cell)!);
  const runs = places.reduce((sum, place) => sum + expansion.runsOf(place), 0);
  const stops = places.map((place) => expansion.stopOf?.(place));
  const stop = ([null, 'most', 'narrow'] as const).find((one) => stops.includes(one));
  return { runs, stop };
}

/** What a reader has to know of runs that were added as they were needed; nothing where their number is fixed. */
export function runsNotes(runs: number | AdaptiveRuns, stops: readonly (Stop | undefined)[], what: string): string[] {
  if (!isAdaptive(runs)) return [];
  const { until, block, most } = runs;
  const count = (stop: Stop) => stops.filter((one) => one === stop).length;
  const counts = [
    `narrow enough in ${count('narrow')} of ${stops.length} rows`,
    ...(count('most') > 0 ? [`stopped at the most runs in ${count('most')}`] : []),
    ...(count(null) > 0 ? [`unfinished in ${count(null)}`] : []),
  ];
  const percent = Number((100 * until.ci95).toPrecision(6));
  return [
    `runs were added in blocks of ${block}, up to ${most}, until the 95 % interval of ${what} was within ± ${percent} %: ${counts.join(', ')}`,
  ];
}
