import type { Cell, SweepEngine, Task, TaskOf } from '../shared/mod.ts';
import { experimentOf } from '../shared/mod.ts';
import type { ProgramSweep, Sweep } from '../shared/sweep/mod.ts';
import {
  createPool,
  createProgramPool,
  type Pool,
  type PoolOptions,
  requireData,
  requireEngine,
  resolveEngine,
  visibleGpus,
} from '../worker/mod.ts';
import type { AllowedProgram } from '../worker/node/mod.ts';
import type { Audit } from './audit.ts';
import { checkpointFolder, logFolder } from './directory/mod.ts';
import { auditedPool, otherEngine } from './dispatch/audited-pool.ts';
import { threadsFor } from './options/common.ts';
import { specOf } from './program-spec.ts';

export type ProgramOptions = {
  /** processes at the same time. Default: one per GPU, or as many as threads */
  slots: number | undefined;
  env: NodeJS.ProcessEnv;
  /** names of further variables that programs get */
  passed: readonly string[] | undefined;
  /** the only programs that are started, with these commands instead of the sweep's. Default: that of the sweep */
  allowed?: readonly AllowedProgram[] | undefined;
};

export type LocalPoolOptions = Pick<PoolOptions, 'threads' | 'data' | 'checkpoints'> & {
  sweep: Sweep;
  cells: readonly Cell[];
  /** the sweep directory */
  directory: string;
  /** those left: no more threads or slots than tasks */
  tasks: number;
  programs: ProgramOptions | undefined;
  /** of tasks that threads compute: what programs compute need not be the same twice */
  audit: Audit;
  note(text: string): void;
};

/** What computes the tasks of a sweep on this machine. @throws EdgesweepError where an engine, data or a program is missing */
export function createLocalPool(options: LocalPoolOptions): Pool {
  const { sweep } = options;
  return experimentOf(sweep).byProgram ? programPool(sweep as ProgramSweep, options) : threadPool(sweep, options);
}

function threadPool(
  sweep: Sweep,
  { threads, data = [], checkpoints, cells, tasks, audit, note }: LocalPoolOptions,
): Pool {
  const { engine: asked } = sweep as { engine: SweepEngine };
  requireEngine(asked, note);
  requireData(cells, data);
  const count = threadsFor(tasks, threads, note);
  const engine = asked === 'tfjs' ? 'simd' : resolveEngine(asked, note);
  const pool = createPool({ threads: count, engine, data, checkpoints });
  const makeSecond = () => createPool({ threads: 1, engine: otherEngine(engine), data });
  return audit.isOn ? auditedPool(pool, makeSecond, audit) : pool;
}

function programPool(sweep: ProgramSweep, { threads, tasks, directory, programs }: LocalPoolOptions): Pool {
  const { env = process.env, passed, slots, allowed } = programs ?? {};
  const spec = specOf(sweep, allowed);
  const pool = createProgramPool({
    slots: Math.max(1, Math.min(slots ?? slotsFor(threads, env), tasks)),
    logs: logFolder(directory),
    folders: checkpointFolder(directory),
    env,
    passed,
  });
  try {
    pool.require(spec);
  } catch (error) {
    void pool.close();
    throw error;
  }
  return {
    threads: pool.slots,
    run: (task: Task, attempt) => pool.run(task as TaskOf<'program'>, attempt, spec),
    close: () => pool.close(),
  };
}

/** As many as there are GPUs, or else threads. */
export const slotsFor = (threads: number, env: NodeJS.ProcessEnv): number => visibleGpus(env).length || threads;
