import type { GridValue } from '../../../../shared/mod.ts';
import { STATISTICS } from '../../../../shared/sweep/mod.ts';
import type { Table } from './table.ts';

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
      marks: Object.fromEntries(
        STATISTICS.filter((name) => entry.marks[name] !== '').map((name) => [name, entry.marks[name]]),
      ),
      bounds: { atMost: entry.atMost, atLeast: entry.atLeast },
      paper: entry.paper,
      difference: entry.difference,
    })),
  };
  return `${JSON.stringify(document, (_, value) => (typeof value === 'number' ? significant(value) : value), 2)}\n`;
}

function named(keys: readonly string[], values: readonly GridValue[]): Record<string, GridValue> {
  return Object.fromEntries(keys.map((key, i) => [key, values[i]]));
}

function significant(value: number): number {
  return Number(value.toPrecision(12));
}
