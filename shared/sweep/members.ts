import type { Cell } from '../experiments/mod.ts';
import type { Task } from '../task.ts';
import { cellKey } from '../task-id.ts';
import type { Expansion } from './expand.ts';
import { isInShard } from './shard.ts';

/** Finds the index of a task's cell in a sweep; undefined for a task that is not of the sweep. */
export type Members = (task: Task) => number | undefined;

const numbers = new WeakMap<readonly Cell[], ReadonlyMap<string, number>>();

/** The numbers of cells by their keys: one map for all that ask, since it takes more memory than the cells do. */
export function cellNumbers(cells: readonly Cell[]): ReadonlyMap<string, number> {
  const known = numbers.get(cells) ?? new Map(cells.map((cell, index) => [cellKey(cell), index]));
  numbers.set(cells, known);
  return known;
}

/** Decides which tasks are of a sweep as it is now. A journal also holds tasks of the sweep before its edits. */
export function membersOf(expansion: Pick<Expansion, 'cells' | 'runs' | 'shard' | 'tasks' | 'task'>): Members {
  const { cells, runs, shard, tasks } = expansion;
  // what all tasks of a sweep have in common
  const common = tasks === 0 ? undefined : expansion.task(0, 0);
  const indexes = cellNumbers(cells);
  // by object: a key costs more than the rest, and the outcomes of a journal share their cells
  const known = new WeakMap<Cell, number | undefined>();
  return (task) => {
    if (common === undefined || task.run >= runs) return undefined;
    if (task.experiment !== common.experiment || task.seed !== common.seed || task.numerics !== common.numerics) {
      return undefined;
    }
    if (!known.has(task.cell)) known.set(task.cell, indexes.get(cellKey(task.cell)));
    const index = known.get(task.cell);
    return index === undefined || !isInShard(shard, index, task.run) ? undefined : index;
  };
}
