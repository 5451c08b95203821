import {
  cellValue,
  type Edge,
  edgeOf,
  type GridValue,
  isFullBatch,
  isOutcomeOf,
  type Outcome,
  optimizerLabel,
  type TrajectoryCell,
  type TrajectoryResult,
} from '../../../../shared/mod.ts';
import { type ExpansionOf, membersOf, type TrajectorySweep } from '../../../../shared/sweep/mod.ts';

/** What became of one task of a sweep of trajectories; `result` is absent while it is not done. */
export type TrajectoryEntry = { row: GridValue[]; run: number; task: string; result: TrajectoryResult | undefined };

/** A sweep of trajectories in numbers, a row each. The series themselves are files. */
export type TrajectoryTable = {
  name: string;
  title: string;
  source: string | null;
  /** grid keys down the side */
  keys: readonly string[];
  runs: number;
  /** the different edges of the cells' optimisers, with what has them */
  edges: readonly (Edge & { optimizers: string })[];
  entries: TrajectoryEntry[];
  /** whether a training has batches: its loss is that of one of them */
  hasBatches: boolean;
  tasks: { done: number; total: number };
};

/**
 * @param outcomes in any order; those that are not of this sweep are passed over
 * @throws EdgesweepError USAGE for a key that does not exist
 */
export async function trajectoryTable(
  sweep: TrajectorySweep,
  expansion: ExpansionOf<'trajectory'>,
  outcomes: Iterable<Outcome> | AsyncIterable<Outcome>,
  by?: readonly string[],
): Promise<TrajectoryTable> {
  const keys = by === undefined || by.length === 0 ? sweep.table.rows : [...new Set(by)];
  const results = new Map<string, TrajectoryResult>();
  const cellOf = membersOf(expansion);
  for await (const outcome of outcomes) {
    if (isOutcomeOf(outcome, 'trajectory') && cellOf(outcome.task) !== undefined) {
      results.set(outcome.task.id, outcome.result);
    }
  }
  const { cells, runs, task } = expansion;
  const entries = cells.flatMap((cell, index) =>
    Array.from({ length: runs }, (_, run): TrajectoryEntry => {
      const { id } = task(index, run);
      return { row: keys.map((key) => cellValue(cell, key)), run, task: id, result: results.get(id) };
    }),
  );
  const done = entries.filter(({ result }) => result !== undefined).length;
  const edges = edgesOf(cells);
  const { name, title, source = null } = sweep;
  return {
    name,
    title,
    source,
    keys,
    runs,
    edges,
    entries,
    hasBatches: !cells.every(isFullBatch),
    tasks: { done, total: entries.length },
  };
}

function edgesOf(cells: readonly TrajectoryCell[]): TrajectoryTable['edges'] {
  const edges = new Map<string, { edge: Edge; optimizers: Set<string> }>();
  for (const cell of cells) {
    const edge = edgeOf(cell);
    const key = JSON.stringify(edge);
    const { optimizers } = edges.get(key) ?? edges.set(key, { edge, optimizers: new Set() }).get(key)!;
    optimizers.add(optimizerLabel(cell.optimizer ?? { kind: 'sgd' }));
  }
  return [...edges.values()].map(({ edge, optimizers }) => ({ ...edge, optimizers: [...optimizers].join(', ') }));
}
