import {
  type Cell,
  cellKey,
  cellValue,
  type GridValue,
  isTrajectoryOutcome,
  NUMERICS,
  type Outcome,
  type TrajectoryCell,
  type TrajectoryResult,
  type TrajectorySweep,
} from '../../../shared/mod.ts';

/** What became of one task of a sweep of trajectories; `result` is absent while it is not done. */
export type TrajectoryEntry = { row: GridValue[]; run: number; task: string; result: TrajectoryResult | undefined };

/** A sweep of trajectories in numbers, a row each. The series themselves are files. */
export type TrajectoryTable = {
  kind: 'trajectories';
  name: string;
  title: string;
  source: string | null;
  /** grid keys down the side */
  keys: readonly string[];
  runs: number;
  entries: TrajectoryEntry[];
  tasks: { done: number; total: number };
};

/**
 * @param outcomes in any order; those that are not of this sweep are passed over
 * @throws EdgesweepError USAGE for a key that does not exist
 */
export async function trajectoryTable(
  sweep: TrajectorySweep,
  {
    cells,
    runs,
    task,
  }: { cells: readonly TrajectoryCell[]; runs: number; task(cell: number, run: number): { id: string } },
  outcomes: Iterable<Outcome> | AsyncIterable<Outcome>,
  by?: readonly string[],
): Promise<TrajectoryTable> {
  const keys = by === undefined || by.length === 0 ? sweep.table.rows : [...new Set(by)];
  const results = new Map<string, TrajectoryResult>();
  const known = new Set(cells.map(cellKey));
  for await (const outcome of outcomes) {
    if (!isTrajectoryOutcome(outcome) || outcome.task.numerics !== NUMERICS || outcome.task.seed !== sweep.seed)
      continue;
    if (known.has(cellKey(outcome.task.cell))) results.set(outcome.task.id, outcome.result);
  }
  const entries = cells.flatMap((cell: Cell, index) =>
    Array.from({ length: runs }, (_, run): TrajectoryEntry => {
      const { id } = task(index, run);
      return { row: keys.map((key) => cellValue(cell, key)), run, task: id, result: results.get(id) };
    }),
  );
  const done = entries.filter(({ result }) => result !== undefined).length;
  const { name, title, source = null } = sweep;
  return { kind: 'trajectories', name, title, source, keys, runs, entries, tasks: { done, total: entries.length } };
}
