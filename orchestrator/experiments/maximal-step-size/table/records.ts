import { isAdaptive, STATISTICS } from '../../../../shared/sweep/mod.ts';
import type { Records } from '../../../report/mod.ts';
import type { Table } from './table.ts';

/** For programs: a row per entry, every statistic at full precision. Notes do not fit and are left out. */
export function recordsOf({ axes, entries, sweepRuns }: Table): Records {
  const stops = isAdaptive(sweepRuns);
  const keys = [...axes.rows, ...axes.columns];
  return {
    columns: [
      ...keys,
      'runs',
      ...STATISTICS,
      'atMost',
      'atLeast',
      'paper',
      'difference',
      'rungs',
      ...(stops ? ['stop'] : []),
    ],
    rows: entries.map((entry) => [
      ...entry.row,
      ...entry.column,
      entry.runs,
      ...STATISTICS.map((name) => entry.statistics[name]),
      entry.atMost,
      entry.atLeast,
      entry.paper,
      entry.difference,
      entry.rungs,
      ...(stops ? [entry.stop ?? null] : []),
    ]),
  };
}
