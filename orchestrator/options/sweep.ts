import { existsSync } from 'node:fs';
import type { Argv } from 'yargs';
import { SWEEP_ENGINES, type SweepEngine } from '../../shared/mod.ts';
import { loadSweep, type Overrides, type Sweep } from '../../shared/sweep/mod.ts';
import { at, type Surroundings } from '../commands/command.ts';

/** The flags that override a sweep file. */
export type SweepOptions = {
  sweep: string;
  runs: number | undefined;
  seed: number | undefined;
  engine: SweepEngine | undefined;
  set: string[];
  /** of commands that have --shard */
  shard?: string | undefined;
};

/** @param engine whether the command has --engine */
export function withSweepOptions(yargs: Argv, { engine = true } = {}): Argv {
  const withAll = yargs
    .positional('sweep', {
      type: 'string',
      demandOption: true,
      describe: 'sweep file, or name of a built-in sweep such as table-4.1',
    })
    .option('runs', { type: 'number', requiresArg: true, describe: 'number of runs per cell' })
    .option('seed', { type: 'number', requiresArg: true, describe: 'seed of the sweep' })
    .option('set', {
      type: 'string',
      array: true,
      nargs: 1,
      requiresArg: true,
      default: [],
      describe: 'override a key, for instance --set grid.width=5,10,20',
    });
  if (!engine) return withAll;
  return withAll.option('engine', {
    choices: SWEEP_ENGINES,
    describe: 'engine: native, simd and reference give the same bits; tfjs is TensorFlow.js',
  });
}

export const shardOption = {
  type: 'string',
  requiresArg: true,
  describe: 'only the K-th of N parts of the sweep, as K/N; `merge` puts their directories together',
} as const;

/** What the environment and the flags put over the file. */
export function overridesOf({ runs, seed, engine, shard, set }: SweepOptions, { env }: Surroundings): Overrides {
  const flags = {
    ...(runs !== undefined && { runs }),
    ...(seed !== undefined && { seed }),
    ...(engine !== undefined && { engine }),
    ...(shard !== undefined && { shard }),
    set,
  };
  return { environment: env, flags };
}

/** A file, or else the name of a shipped sweep, which is no path. */
export function sweepPath(sweep: string, { cwd }: Surroundings): string {
  const file = at(cwd, sweep);
  return existsSync(file) ? file : sweep;
}

export const loadWithOptions = (options: SweepOptions, surroundings: Surroundings): Sweep =>
  loadSweep(sweepPath(options.sweep, surroundings), overridesOf(options, surroundings));
