import type { Cell, CellOf, ExperimentName } from '../experiments/mod.ts';
import type { Task, TaskOf } from '../task.ts';
import { taskId } from '../task-id.ts';
import { numericsOf } from '../vocabulary.ts';
import { cellsOf } from './cells.ts';
import type { Sweep } from './experiments/mod.ts';
import { dotted, refuse } from './problems.ts';
import { mostRuns, type Stop } from './runs.ts';
import { countRuns, type Shard, shardOf } from './shard.ts';

/** The work of a sweep: every cell, up to `runs` times. Tasks are made when asked for, since there may be very many. */
export type Expansion<C extends Cell = Cell, T extends Task = Task> = {
  cells: C[];
  /** of a cell, at most */
  runs: number;
  /** Only its runs are of the sweep; undefined: all are. */
  shard?: Shard | undefined;
  /** How many runs the cell gets: `runs`, unless they are added as they are needed, or are of several shards. */
  runsOf(cellIndex: number): number;
  /** Why it gets no more; absent where the number is fixed, or not decided from outcomes. */
  stopOf?(cellIndex: number): Stop;
  /** the sum of these */
  tasks: number;
  /** @throws RangeError for a cell or run that does not exist */
  task(cellIndex: number, run: number): T;
};
/** The work of a sweep of the experiment of that name. */
export type ExpansionOf<Name extends ExperimentName> = Expansion<CellOf<Name>, TaskOf<Name>>;

/** @throws EdgesweepError SWEEP_INVALID or SWEEP_TOO_LARGE; never for a sweep that was loaded and not changed */
export function expand<S extends Sweep>(sweep: S): ExpansionOf<S['experiment']> {
  const { experiment, seed } = sweep;
  const runs = mostRuns(sweep.runs);
  const shard = shardOf(sweep);
  const { cells, problems } = cellsOf(sweep);
  refuse(problems, `sweep ${sweep.name}`, ({ path }) => `sweep ${sweep.name}, ${dotted(path)}`);
  return {
    // cells are of the sweep's experiment
    cells: cells as CellOf<S['experiment']>[],
    runs,
    shard,
    runsOf: (cellIndex) => countRuns(shard, cellIndex, runs),
    tasks: cells.reduce((sum, _, cellIndex) => sum + countRuns(shard, cellIndex, runs), 0),
    task(cellIndex, run) {
      const cell = cells[cellIndex];
      if (cell === undefined || !Number.isInteger(run) || run < 0 || run >= runs) {
        throw new RangeError(`no run ${run} of cell ${cellIndex} among ${runs} runs of ${cells.length} cells`);
      }
      const rest = { experiment, cell, run, seed, numerics: numericsOf(sweep) } as Omit<Task, 'id'>;
      return { id: taskId(rest), ...rest } as TaskOf<S['experiment']>;
    },
  };
}
