import { cellValue, fullKey } from '../cell-keys.ts';
import { type Cell, reader } from '../experiments/mod.ts';
import { nearest } from '../nearest.ts';
import type { Problem } from './problems.ts';

type Layout = { rows: readonly string[]; columns: readonly string[] };
type Rowless = { grid: object; table: { rows?: unknown; columns?: readonly string[] } };
/** A table that may have values of a paper beside it. */
type Printed = Layout & { paper?: Readonly<Record<string, number>> | undefined };

/** The key under which `table.paper` has the printed value for a cell: the values of rows and columns, joined by ", ". */
export function tableKey(cell: Cell, { rows, columns }: Layout): string {
  return [...rows, ...columns].map((key) => cellValue(cell, key)).join(', ');
}

/**
 * The keys that are written in the grid and have more than one value, in its order, except for those of the columns.
 * @param without further keys that make no rows
 */
export function defaultRows(
  { grid, table }: Rowless,
  cells: readonly Cell[],
  without: readonly string[] = [],
): string[] {
  const columns = [...(table.columns ?? []).map(fullKey), ...without];
  const written = Object.entries(grid).flatMap(([key, spec]) => {
    if (key !== 'dataset') return [key];
    const parts = [spec].flat().flatMap((dataset) => Object.keys(dataset as object));
    return [...new Set(parts)].map((part) => `dataset.${part}`);
  });
  return written.filter((key) => {
    if (columns.includes(key)) return false;
    const read = reader(key);
    return cells.some((cell) => read(cell) !== read(cells[0]));
  });
}

/** A key used twice, or a printed value that belongs to no row. */
export function tableProblems(table: Printed, cells: readonly Cell[]): Problem[] {
  return [...repeatedKeys(table), ...strayValues(table, cells)];
}

export function repeatedKeys(table: Layout): Problem[] {
  const seen = new Set<string>();
  return (['rows', 'columns'] as const).flatMap((side) =>
    table[side].flatMap((key, i) => {
      const full = fullKey(key);
      if (!seen.has(full)) {
        seen.add(full);
        return [];
      }
      const message = `\`${key}\` is used twice in the table`;
      const expected = 'each key once in rows and columns together';
      return [{ path: ['table', side, i], message, expected, got: key, fix: 'remove one of the two' }];
    }),
  );
}

function strayValues(table: Printed, cells: readonly Cell[]): Problem[] {
  if (table.paper === undefined) return [];
  const known = new Set(cells.map((cell) => tableKey(cell, table)));
  return Object.keys(table.paper)
    .filter((key) => !known.has(key))
    .map((key) => {
      const shown = [...known].slice(0, 20);
      const meant = nearest(key, shown);
      return {
        path: ['table', 'paper', key],
        atKey: true,
        message: `\`table.paper\` has a value for \`${key}\`, which is not a row of the table`,
        expected: `one of ${shown.join(' | ')}${known.size > shown.length ? ' | ...' : ''}`,
        got: key,
        fix: meant === undefined ? 'correct the key, or add its values to the grid' : `did you mean \`${meant}\`?`,
      };
    });
}
