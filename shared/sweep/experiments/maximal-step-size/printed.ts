import { canonicalize } from '../../../canonical.ts';
import type { Cell, SearchCell } from '../../../experiments/mod.ts';
import { tableKey } from '../../table.ts';
import type { Source } from '../kind.ts';

type Printed = Record<string, number> | undefined;
type Layout = Parameters<typeof tableKey>[1];

/**
 * The printed values (`table.paper`) that stand beside a sweep that is not as the file has it: those of the rows that hold exactly the cells
 * that they hold in the file. Of another row the paper says nothing, and `--set grid.activation=tanh` is no mistake in the other three.
 * Where the file is no sweep by itself, every value stays.
 */
export function printedValues(
  table: Layout & { paper?: Printed },
  cells: readonly Cell[],
  { overrides, fileCells }: Source,
): Printed {
  const { paper } = table;
  if (paper === undefined || overrides.length === 0 || overrides.some(({ path }) => path[0] === 'table')) return paper;
  const written = fileCells();
  if (written === undefined) return paper;
  const inFile = rowsOf(written, table);
  const here = rowsOf(cells, table);
  const kept = Object.entries(paper).filter(([key]) => here.has(key) && here.get(key) === inFile.get(key));
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}

/** The cells of each row as one text. Ladders with other rungs measure the same step size, those with other `steps` or another criterion do not. */
function rowsOf(cells: readonly Cell[], table: Layout): Map<string, string> {
  const rows = new Map<string, string[]>();
  for (const cell of cells) {
    const key = tableKey(cell, table);
    const { steps, criterion } = (cell as SearchCell).search;
    const text = canonicalize({ ...cell, search: { steps, criterion } });
    const members = rows.get(key);
    if (members === undefined) rows.set(key, [text]);
    else members.push(text);
  }
  return new Map([...rows].map(([key, members]) => [key, members.sort().join('\n')]));
}
