import { crossingsOf, type GridValue, isOutcomeOf, middleOf, type Outcome } from '../../../shared/mod.ts';
import { type ExpansionOf, membersOf, type SweepNamed } from '../../../shared/sweep/mod.ts';
import { outline } from '../../report/groups.ts';
import type { TableOptions } from '../../report/mod.ts';
import { runsOfCells } from '../../report/runs.ts';
import { histogramOf, type Moments, moments } from '../../statistics.ts';
import { refuseStatistics } from '../refuse-statistics.ts';

export type BisectEntry = {
  row: GridValue[];
  runs: number;
  n: number;
  /** middles of the last interval, ascending; of runs that have one */
  thresholds: number[];
  /** those of runs whose scan crosses more than once; null without a scan */
  several: number[] | null;
  /** runs that do not diverge at the upper end, and that do at the lower one */
  never: number;
  always: number;
} & (Moments | { mean: null; sd: null; ci95: null; se: null });

export type BisectTable = {
  name: string;
  title: string;
  source: string | null;
  keys: readonly string[];
  settings: SweepNamed<'bisect'>['bisect'];
  entries: BisectEntry[];
  tasks: { done: number; total: number };
};

/** @throws EdgesweepError USAGE for a key that does not exist, and for statistics, of which there are none */
export async function bisectTable(
  sweep: SweepNamed<'bisect'>,
  expansion: ExpansionOf<'bisect'>,
  outcomes: Iterable<Outcome> | AsyncIterable<Outcome>,
  { by = [], stat = [] }: TableOptions = {},
): Promise<BisectTable> {
  refuseStatistics(stat, 'bisect');
  const { cells } = expansion;
  const keys = by.length === 0 ? sweep.table.rows : [...new Set(by)];
  const { groups } = outline(cells, { rows: keys, columns: [] });
  const entries = groups.map(({ row, cells: members }) => ({
    row,
    runs: runsOfCells(expansion, members).runs,
    ...{ n: 0, never: 0, always: 0 },
    thresholds: [] as number[],
    several: [] as number[],
  }));
  const entryOf = new Map(groups.flatMap((group, i) => group.cells.map((cell) => [cell, entries[i]] as const)));
  const cellOf = membersOf(expansion);
  for await (const outcome of outcomes) {
    if (!isOutcomeOf(outcome, 'bisect')) continue;
    const index = cellOf(outcome.task);
    if (index === undefined) continue;
    const entry = entryOf.get(cells[index])!;
    const { end, low, high, scan } = outcome.result;
    entry.n += 1;
    if (end !== 'found') entry[end] += 1;
    else {
      entry.thresholds.push(middleOf(low, high));
      if (crossingsOf(scan) > 1) entry.several.push(middleOf(low, high));
    }
  }
  const { name, title, source = null, bisect: settings } = sweep;
  return {
    ...{ name, title, source, keys, settings },
    entries: entries.map(({ thresholds, several, ...entry }) => ({
      ...entry,
      thresholds: thresholds.sort((a, b) => a - b),
      several: settings.scan === 0 ? null : several.sort((a, b) => a - b),
      ...(thresholds.length === 0 ? { mean: null, sd: null, ci95: null, se: null } : moments(histogramOf(thresholds))),
    })),
    tasks: { done: entries.reduce((sum, { n }) => sum + n, 0), total: expansion.tasks },
  };
}
