import { counted, EdgesweepError, type GridValue, isOutcomeOf, type Outcome, oneLine } from '../../../shared/mod.ts';
import { type ExpansionOf, membersOf, type SweepNamed } from '../../../shared/sweep/mod.ts';
import { outline } from '../../report/groups.ts';
import { keyHeading } from '../../report/headings.ts';
import type { Layout, Report, TableOptions } from '../../report/mod.ts';
import { formatNumber } from '../../report/numbers.ts';

export type SurvivalEntry = { row: GridValue[]; runs: number; n: number; diverged: number };

/** How many runs diverged, a row for each combination of the keys' values. */
export type SurvivalTable = {
  name: string;
  title: string;
  source: string | null;
  keys: readonly string[];
  entries: SurvivalEntry[];
  tasks: { done: number; total: number };
};

/**
 * @param outcomes in any order; those that are not of this sweep are passed over
 * @throws EdgesweepError USAGE for a key that does not exist, and for statistics, of which there are none
 */
export async function survivalTable(
  sweep: SweepNamed<'survival'>,
  expansion: ExpansionOf<'survival'>,
  outcomes: Iterable<Outcome> | AsyncIterable<Outcome>,
  { by = [], stat = [] }: TableOptions = {},
): Promise<SurvivalTable> {
  if (stat.length > 0) {
    throw new EdgesweepError('USAGE', 'a table of survival has no statistics to choose from', {
      where: '--stat',
      got: stat.join(', '),
      fix: 'omit --stat',
    });
  }
  const { cells, runs, tasks } = expansion;
  const keys = by.length === 0 ? sweep.table.rows : [...new Set(by)];
  const { groups } = outline(cells, { rows: keys, columns: [] });
  const entries = groups.map((group) => ({ row: group.row, runs: group.cells.length * runs, n: 0, diverged: 0 }));
  const entryOf = new Map(groups.flatMap((group, i) => group.cells.map((cell) => [cell, entries[i]] as const)));
  const cellOf = membersOf(expansion);
  for await (const outcome of outcomes) {
    if (!isOutcomeOf(outcome, 'survival')) continue;
    const index = cellOf(outcome.task);
    if (index === undefined) continue;
    const entry = entryOf.get(cells[index])!;
    entry.n += 1;
    if (outcome.result.divergence !== null) entry.diverged += 1;
  }
  const done = entries.reduce((sum, { n }) => sum + n, 0);
  const { name, title, source = null } = sweep;
  return { name, title, source, keys, entries, tasks: { done, total: tasks } };
}

const share = ({ n, diverged }: SurvivalEntry): number | null => (n === 0 ? null : diverged / n);

/** The table for every format. */
export const survivalReport = (table: SurvivalTable): Report => ({
  layout: () => layOut(table),
  records: () => ({
    columns: [...table.keys, 'runs', 'n', 'diverged', 'share'],
    rows: table.entries.map((entry) => [...entry.row, entry.runs, entry.n, entry.diverged, share(entry)]),
  }),
  json() {
    const { name, title, source, keys, tasks } = table;
    const entries = table.entries.map((entry) => ({
      row: Object.fromEntries(keys.map((key, i) => [key, entry.row[i]])),
      runs: entry.runs,
      n: entry.n,
      diverged: entry.diverged,
      share: share(entry),
    }));
    return `${JSON.stringify({ name, title, source, tasks, rows: keys, entries }, null, 2)}\n`;
  },
});

/** A range multiplies step sizes up: six digits tell them apart. */
const shown = (value: GridValue): string =>
  oneLine(String(typeof value === 'number' ? Number(value.toPrecision(6)) : value));

function layOut({ title, source, keys, entries, tasks }: SurvivalTable): Layout {
  return {
    title: oneLine(title),
    source: source === null ? null : oneLine(source),
    head: [...keys.map(keyHeading), 'diverged', 'n', 'share'],
    align: [...keys.map(() => 'right' as const), 'right', 'right', 'right'],
    body: entries.map((entry) => [
      ...entry.row.map(shown),
      String(entry.diverged),
      `${entry.n} of ${entry.runs}`,
      formatNumber(share(entry)),
    ]),
    notes: tasks.done < tasks.total ? [`partial: ${tasks.done} of ${counted(tasks.total, 'task')}`] : [],
  };
}
