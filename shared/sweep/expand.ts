import type { Cell, SearchCell, TrajectoryCell } from '../cell.ts';
import type { SearchTask, Task, TrajectoryTask } from '../task.ts';
import { numericsOf } from '../vocabulary.ts';
import { cellsOf } from './cells.ts';
import { dotted, refuse } from './problems.ts';
import type { SearchSweep, Sweep, TrajectorySweep } from './schema.ts';
import { taskId } from './task-id.ts';

/** The work of a sweep: every cell, `runs` times. Tasks are made when asked for, since there may be very many. */
export type Expansion<C extends Cell = Cell, T extends Task = Task> = {
  cells: C[];
  runs: number;
  /** cells times runs */
  tasks: number;
  /** @throws RangeError for a cell or run that does not exist */
  task(cellIndex: number, run: number): T;
};

/** @throws EdgesweepError SWEEP_INVALID or SWEEP_TOO_LARGE; never for a sweep that was loaded and not changed */
export function expand(sweep: SearchSweep): Expansion<SearchCell, SearchTask>;
export function expand(sweep: TrajectorySweep): Expansion<TrajectoryCell, TrajectoryTask>;
export function expand(sweep: Sweep): Expansion;
export function expand(sweep: Sweep): Expansion {
  const { experiment, seed, runs } = sweep;
  const { cells, problems } = cellsOf(sweep);
  refuse(problems, `sweep ${sweep.name}`, ({ path }) => `sweep ${sweep.name}, ${dotted(path)}`);
  return {
    cells,
    runs,
    tasks: cells.length * runs,
    task(cellIndex, run) {
      const cell = cells[cellIndex];
      if (cell === undefined || !Number.isInteger(run) || run < 0 || run >= runs) {
        throw new RangeError(`no run ${run} of cell ${cellIndex} among ${runs} runs of ${cells.length} cells`);
      }
      // cells are of the sweep's experiment
      const rest = { experiment, cell, run, seed, numerics: numericsOf(sweep.engine) } as Omit<Task, 'id'>;
      return { id: taskId(rest), ...rest } as Task;
    },
  };
}
