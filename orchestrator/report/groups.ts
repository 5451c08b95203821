import { type Cell, cellValue, type GridValue } from '../../shared/mod.ts';

/** What of the grid stands where: each combination of the row keys' values is a row, of the column keys' a column. */
export type Axes = { rows: readonly string[]; columns: readonly string[] };

/** The cells that share a row and a column. */
export type Group = { row: GridValue[]; column: GridValue[]; cells: Cell[] };

/** What tells two combinations of values apart; 1 and "1" differ. */
export function tupleKey(values: readonly GridValue[]): string {
  return JSON.stringify(values);
}

/** Rows, columns and the groups between them, all in the order in which the sweep first reaches each key's values. */
export type Outline = { axes: Axes; rows: GridValue[][]; columns: GridValue[][]; groups: Group[] };

/** @throws EdgesweepError USAGE for a key that does not exist */
export function outline(cells: readonly Cell[], axes: Axes): Outline {
  const keys = [...axes.rows, ...axes.columns];
  const ranks = keys.map(() => new Map<GridValue, number>());
  const groups = new Map<string, Group>();
  for (const cell of cells) {
    const values = keys.map((key) => cellValue(cell, key));
    values.forEach((value, i) => {
      if (!ranks[i].has(value)) ranks[i].set(value, ranks[i].size);
    });
    const id = tupleKey(values);
    const group = groups.get(id);
    if (group === undefined) {
      const row = values.slice(0, axes.rows.length);
      groups.set(id, { row, column: values.slice(axes.rows.length), cells: [cell] });
    } else {
      group.cells.push(cell);
    }
  }
  const rowOrder = tupleOrder(ranks.slice(0, axes.rows.length));
  const columnOrder = tupleOrder(ranks.slice(axes.rows.length));
  const found = [...groups.values()].sort((a, b) => rowOrder(a.row, b.row) || columnOrder(a.column, b.column));
  return {
    axes,
    rows: distinct(found.map((group) => group.row)),
    columns: distinct(found.map((group) => group.column)).sort(columnOrder),
    groups: found,
  };
}

/** Those of the keys that take more than one value over these cells, with the values. */
export function varyingValues(cells: readonly Cell[], keys: readonly string[]): Map<string, GridValue[]> {
  const varying = new Map<string, GridValue[]>();
  for (const key of keys) {
    const values = new Set(cells.map((cell) => cellValue(cell, key)));
    if (values.size > 1) varying.set(key, [...values]);
  }
  return varying;
}

function tupleOrder(ranks: Map<GridValue, number>[]): (a: GridValue[], b: GridValue[]) => number {
  return (a, b) => {
    const at = ranks.findIndex((_, i) => a[i] !== b[i]);
    return at < 0 ? 0 : ranks[at].get(a[at])! - ranks[at].get(b[at])!;
  };
}

function distinct(tuples: GridValue[][]): GridValue[][] {
  return [...new Map(tuples.map((tuple) => [tupleKey(tuple), tuple])).values()];
}
