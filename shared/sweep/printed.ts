import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { canonicalize } from '../canonical.ts';
import type { Cell } from '../cell.ts';
import { cellsOf } from './cells.ts';
import type { Override } from './overrides.ts';
import { type SearchSweep, sweepFileSchema } from './schema.ts';
import { listShippedSweeps, shippedPath } from './shipped.ts';
import { defaultRows, tableKey } from './table.ts';

type Printed = SearchSweep['table']['paper'];
/** The cells of each row as one text, by the row's key. */
type Rows = Map<string, string>;

/**
 * The printed values (`table.paper`) that belong beside a sweep: those of the rows that hold exactly the cells for which the value was
 * printed. Everything in a cell changes what is estimated, the ladder too: each rung draws a fresh network, so a coarser ladder ends
 * higher. Runs, seed and engine are no part of a cell.
 *
 * Two things say for which cells a value was printed: the file without the overrides; and the shipped sweep that the file is an edited copy of.
 * @param written what the file says, without the overrides
 */
export function printedValues(
  sweep: SearchSweep,
  cells: readonly Cell[],
  written: unknown,
  overrides: readonly Override[],
): Printed {
  const { paper } = sweep.table;
  if (paper === undefined || overrides.some(givesPrinted)) return paper;
  const here = rowsOf(cells, sweep.table);
  const ofFile = overrides.length === 0 ? undefined : (printedRows(written)?.rows ?? new Map());
  const original = originalOf(sweep.source);
  const kept = Object.entries(paper).filter(([key, value]) => {
    if (ofFile !== undefined && !(here.has(key) && here.get(key) === ofFile.get(key))) return false;
    // a key of no row is left to the check of the table
    const isCopied = original?.paper[key] === value && here.has(key);
    return !isCopied || here.get(key) === original.rows.get(key);
  });
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}

const givesPrinted = ({ path: [first, second] }: Override): boolean =>
  first === 'table' && (second === undefined || second === 'paper');

/** The shipped sweep of this source that has printed values. */
function originalOf(source: string | undefined): ReturnType<typeof printedRows> {
  if (source === undefined) return undefined;
  for (const name of listShippedSweeps()) {
    const text = readFileSync(shippedPath(name), 'utf8');
    if (!text.includes(source) || !text.includes('paper:')) continue;
    const original = printedRows(parse(text));
    if (original?.source === source) return original;
  }
  return undefined;
}

/** Printed values and rows of a sweep as written; undefined where it is no sweep of maximal step sizes by itself. */
function printedRows(
  written: unknown,
): { source?: string | undefined; paper: Readonly<Record<string, number>>; rows: Rows } | undefined {
  const { data: file } = sweepFileSchema.safeParse(written);
  if (file === undefined || file.experiment !== 'maximal-step-size') return undefined;
  const { cells } = cellsOf(file);
  const { rows = defaultRows(file, cells), columns, paper = {} } = file.table;
  return { source: file.source, paper, rows: rowsOf(cells, { rows, columns }) };
}

function rowsOf(cells: readonly Cell[], table: Parameters<typeof tableKey>[1]): Rows {
  const rows = new Map<string, string[]>();
  for (const cell of cells) {
    const key = tableKey(cell, table);
    const members = rows.get(key);
    if (members === undefined) rows.set(key, [canonicalize(cell)]);
    else members.push(canonicalize(cell));
  }
  return new Map([...rows].map(([key, members]) => [key, members.sort().join('\n')]));
}
