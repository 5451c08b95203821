import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { canonicalize } from '../../../canonical.ts';
import type { Cell } from '../../../experiments/mod.ts';
import type { Override } from '../../overrides.ts';
import { listShippedSweeps, shippedPath } from '../../shipped.ts';
import { defaultRows, tableKey } from '../../table.ts';
import type { Source } from '../kind.ts';

type Printed = Record<string, number> | undefined;
type Layout = Parameters<typeof tableKey>[1];
/** The cells of each row as one text, by the row's key. */
type Rows = Map<string, string>;

/**
 * The printed values (`table.paper`) that belong beside a sweep: those of the rows that hold exactly the cells for which the value was
 * printed. Everything in a cell changes what is estimated, the ladder too: each rung draws a fresh network, so a coarser ladder ends
 * higher. Runs, seed and engine are no part of a cell.
 *
 * Two things say for which cells a value was printed: the file without the overrides; and the shipped sweep that the file is an
 * edited copy of.
 */
export function printedValues(
  { table, source }: { table: Layout & { paper?: Printed }; source?: string | undefined },
  cells: readonly Cell[],
  { overrides, written, read }: Source,
): Printed {
  const { paper } = table;
  if (paper === undefined || overrides.some(givesPrinted)) return paper;
  const here = rowsOf(cells, table);
  const ofFile = overrides.length === 0 ? undefined : (printedRows(written, read)?.rows ?? new Map());
  const original = originalOf(source, read);
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
function originalOf(source: string | undefined, read: Source['read']): ReturnType<typeof printedRows> {
  if (source === undefined) return undefined;
  for (const name of listShippedSweeps()) {
    const text = readFileSync(shippedPath(name), 'utf8');
    if (!text.includes(source) || !text.includes('paper:')) continue;
    const original = printedRows(parse(text), read);
    if (original?.source === source) return original;
  }
  return undefined;
}

/** Printed values and rows of a sweep as written; undefined where it is no sweep of this experiment by itself. */
function printedRows(
  written: unknown,
  read: Source['read'],
): { source?: string | undefined; paper: Readonly<Record<string, number>>; rows: Rows } | undefined {
  const found = read(written);
  if (found === undefined) return undefined;
  const { plan, cells } = found;
  const {
    rows = defaultRows(plan, cells),
    columns = [],
    paper = {},
  } = plan.table as Partial<Layout> & {
    paper?: Record<string, number>;
  };
  return { source: plan.source, paper, rows: rowsOf(cells, { rows, columns }) };
}

function rowsOf(cells: readonly Cell[], table: Layout): Rows {
  const rows = new Map<string, string[]>();
  for (const cell of cells) {
    const key = tableKey(cell, table);
    const members = rows.get(key);
    if (members === undefined) rows.set(key, [canonicalize(cell)]);
    else members.push(canonicalize(cell));
  }
  return new Map([...rows].map(([key, members]) => [key, members.sort().join('\n')]));
}
