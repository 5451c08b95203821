import type { Cell, SweepEngine, Task, TaskOf } from '../shared/mod.ts';
import { experimentOf } from '../shared/mod.ts';
import { filesOf, type ProgramSweep, type Sweep } from '../shared/sweep/mod.ts';
import {
  createPool,
  createProgramPool,
  type Pool,
  type PoolOptions,
  type ProgramSpec,
  requireData,
  requireEngine,
} from '../worker/mod.ts';
import { checkpointFolder, logFolder } from './directory/mod.ts';

export type LocalPoolOptions = Pick<PoolOptions, 'threads' | 'data' | 'checkpoints'> & {
  sweep: Sweep;
  cells: readonly Cell[];
  /** the sweep directory */
  directory: string;
  env: NodeJS.ProcessEnv;
  /** names of further variables that programs get */
  passed?: readonly string[] | undefined;
};

/** What computes the tasks of a sweep on this machine. @throws EdgesweepError where an engine, data or a program is missing */
export function createLocalPool(options: LocalPoolOptions): Pool {
  const { sweep } = options;
  return experimentOf(sweep).byProgram ? programPool(sweep as ProgramSweep, options) : threadPool(sweep, options);
}

function threadPool(sweep: Sweep, { threads, data = [], checkpoints, cells }: LocalPoolOptions): Pool {
  const { engine } = sweep as { engine: SweepEngine };
  requireEngine(engine);
  requireData(cells, data);
  return createPool({ threads, engine: engine === 'tfjs' ? 'simd' : engine, data, checkpoints });
}

function programPool(sweep: ProgramSweep, { threads, directory, env, passed }: LocalPoolOptions): Pool {
  const spec = specOf(sweep);
  const pool = createProgramPool({
    slots: threads,
    logs: logFolder(directory),
    folders: checkpointFolder(directory),
    env,
    ...(passed !== undefined && { passed }),
  });
  return {
    threads,
    run: (task: Task, attempt) => pool.run(task as TaskOf<'program'>, attempt, spec),
    close: () => pool.close(),
  };
}

/** The program of a sweep that was loaded, as this machine starts it. */
export function specOf(sweep: ProgramSweep): ProgramSpec {
  const { name, command, directory, mode, timeout, start, memory, recycle, checkpoints } = sweep.program;
  return {
    name,
    command: command as string[],
    directory: directory ?? '.',
    files: filesOf(sweep),
    settings: {
      mode,
      timeout,
      start,
      checkpoints,
      ...(memory !== undefined && { memory }),
      ...(recycle !== undefined && { recycle }),
    },
  };
}
