import { stringify } from 'csv-stringify/sync';
import { isAdaptive, STATISTICS } from '../../../../shared/sweep/mod.ts';
import type { Table } from './table.ts';

/** For programs: a line an entry, every statistic at full precision, empty where there is none. Notes do not fit and are left out. */
export function renderCsv({ axes, entries, sweepRuns }: Table): string {
  const stops = isAdaptive(sweepRuns);
  const keys = [...axes.rows, ...axes.columns];
  const head = [
    ...keys,
    'runs',
    ...STATISTICS,
    'atMost',
    'atLeast',
    'paper',
    'difference',
    'rungs',
    ...(stops ? ['stop'] : []),
  ];
  const lines = entries.map((entry) => [
    ...entry.row,
    ...entry.column,
    entry.runs,
    ...STATISTICS.map((name) => entry.statistics[name]),
    entry.atMost,
    entry.atLeast,
    entry.paper,
    entry.difference,
    entry.rungs,
    ...(stops ? [entry.stop] : []),
  ]);
  // unless told, the library writes 1 for true and nothing for false
  return stringify([head, ...lines], { cast: { boolean: String } });
}
