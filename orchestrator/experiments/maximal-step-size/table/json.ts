import type { GridValue } from '../../../../shared/mod.ts';
import { STATISTICS } from '../../../../shared/sweep/mod.ts';
import { type Entry, isRough, ROUGH, type Table } from './table.ts';

/** Everything that is known of the table, numbers to 12 significant digits; null where there is none. */
export function renderJson(table: Table): string {
  const { axes, entries, pooled, paperRuns, tasks } = table;
  const document = {
    name: table.name,
    title: table.title,
    source: table.source,
    tasks,
    rows: axes.rows,
    columns: axes.columns,
    pooled: Object.fromEntries(pooled),
    paperRuns,
    entries: entries.map((entry) => ({
      row: named(axes.rows, entry.row),
      column: named(axes.columns, entry.column),
      runs: entry.runs,
      statistics: Object.fromEntries(STATISTICS.map((name) => [name, entry.statistics[name]])),
      marks: marksOf(entry),
      bounds: { atMost: entry.atMost, atLeast: entry.atLeast },
      paper: entry.paper,
      difference: entry.difference,
      rungs: entry.rungs,
      ...(entry.stop !== undefined && { stop: entry.stop }),
    })),
  };
  return `${JSON.stringify(document, (_, value) => (typeof value === 'number' ? significant(value) : value), 2)}\n`;
}

function marksOf(entry: Entry): Record<string, string> {
  const marked = STATISTICS.filter((name) => entry.marks[name] !== '').map((name) => [name, entry.marks[name]]);
  return Object.fromEntries(isRough(entry) ? [...marked, ['difference', ROUGH]] : marked);
}

function named(keys: readonly string[], values: readonly GridValue[]): Record<string, GridValue> {
  return Object.fromEntries(keys.map((key, i) => [key, values[i]]));
}

function significant(value: number): number {
  return Number(value.toPrecision(12));
}
