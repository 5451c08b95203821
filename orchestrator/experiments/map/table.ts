import {
  BLOCK_POINTS,
  type Cell,
  counted,
  type GridValue,
  isOutcomeOf,
  type Outcome,
  oneLine,
} from '../../../shared/mod.ts';
import { type ExpansionOf, isInShard, type MapSweep, membersOf } from '../../../shared/sweep/mod.ts';
import { outline } from '../../report/groups.ts';
import { keyHeading } from '../../report/headings.ts';
import type { Layout, Report, TableOptions } from '../../report/mod.ts';
import { formatNumber } from '../../report/numbers.ts';
import { refuseStatistics } from '../refuse-statistics.ts';

/** Points of one map, by what became of their trainings. */
type Entry = { row: GridValue[]; run: number; total: number; points: number; diverged: number; converged: number };

type MapTable = {
  name: string;
  title: string;
  source: string | null;
  keys: readonly string[];
  runs: number;
  entries: Entry[];
  tasks: { done: number; total: number };
};

/**
 * A row for each map: each combination of the keys' values, and each run.
 * @param outcomes in any order; those that are not of this sweep are passed over
 * @throws EdgesweepError USAGE for a key that does not exist, and for statistics, of which there are none
 */
export async function mapTable(
  sweep: MapSweep,
  expansion: ExpansionOf<'map'>,
  outcomes: Iterable<Outcome> | AsyncIterable<Outcome>,
  { by = [], stat = [] }: TableOptions = {},
): Promise<MapTable> {
  refuseStatistics(stat, 'map');
  const { cells, runs, shard, tasks } = expansion;
  const keys = by.length === 0 ? sweep.table.rows : [...new Set(by)];
  const { groups } = outline(cells, { rows: keys, columns: [] });
  const indexOf = new Map<Cell, number>(cells.map((cell, index) => [cell, index]));
  const entries = groups.map(({ row, cells: members }) =>
    Array.from({ length: runs }, (_, run) => {
      const blocks = members.filter((cell) => isInShard(shard, indexOf.get(cell)!, run)).length;
      return { row, run, total: blocks * BLOCK_POINTS, points: 0, diverged: 0, converged: 0 };
    }),
  );
  const groupOf = new Map(groups.flatMap(({ cells: members }, i) => members.map((cell) => [cell, i] as const)));
  const cellOf = membersOf(expansion);
  let done = 0;
  for await (const outcome of outcomes) {
    if (!isOutcomeOf(outcome, 'map')) continue;
    const index = cellOf(outcome.task);
    if (index === undefined) continue;
    const entry = entries[groupOf.get(cells[index])!][outcome.task.run];
    entry.points += outcome.result.points;
    entry.diverged += outcome.result.diverged;
    entry.converged += outcome.result.converged;
    done += 1;
  }
  const { name, title, source = null } = sweep;
  return { name, title, source, keys, runs, entries: entries.flat(), tasks: { done, total: tasks } };
}

const share = (count: number, { points }: Entry): number | null => (points === 0 ? null : count / points);
const others = ({ points, diverged, converged }: Entry): number => points - diverged - converged;

/** The table for every format. */
export const mapReport = (table: MapTable): Report => ({
  layout: () => layOut(table),
  records: () => ({
    columns: [...table.keys, 'run', 'points', 'pointsTotal', 'converged', 'diverged', 'neither'],
    rows: table.entries.map((entry) => [
      ...entry.row,
      entry.run,
      entry.points,
      entry.total,
      entry.converged,
      entry.diverged,
      others(entry),
    ]),
  }),
  json() {
    const { name, title, source, keys, tasks } = table;
    const entries = table.entries.map(({ row, ...rest }) => ({
      row: Object.fromEntries(keys.map((key, i) => [key, row[i]])),
      ...rest,
    }));
    return `${JSON.stringify({ name, title, source, tasks, rows: keys, entries }, null, 2)}\n`;
  },
});

function layOut({ title, source, keys, runs, entries, tasks }: MapTable): Layout {
  const ofRun = runs > 1 ? ['run'] : [];
  return {
    title: oneLine(title),
    source: source === null ? null : oneLine(source),
    head: [...keys.map(keyHeading), ...ofRun, 'points', 'converged', 'diverged', 'neither'],
    align: [...keys.map(() => 'left' as const), ...[...ofRun, 1, 2, 3, 4].map(() => 'right' as const)],
    body: entries.map((entry) => [
      ...entry.row.map((value) => oneLine(String(value))),
      ...ofRun.map(() => String(entry.run)),
      entry.points === entry.total ? String(entry.total) : `${entry.points} of ${entry.total}`,
      ...[entry.converged, entry.diverged, others(entry)].map((count) => formatNumber(share(count, entry))),
    ]),
    notes: [
      ...(tasks.done < tasks.total ? [`partial: ${tasks.done} of ${counted(tasks.total, 'task')}`] : []),
      'shares of the points; converged: the last 20 losses are on average below the first',
    ],
  };
}
