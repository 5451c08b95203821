import type { Argv } from 'yargs';
import { EdgesweepError } from '../../shared/mod.ts';
import type { ProgramOptions } from '../local-pool.ts';
import type { Surroundings } from './command.ts';
import { listOption, splitList } from './options.ts';

export type ProgramFlags = { slots: number | undefined; passEnv: string[] | undefined };

export const withProgramOptions = (yargs: Argv): Argv =>
  yargs
    .option('slots', {
      type: 'number',
      requiresArg: true,
      describe: 'processes of programs at the same time  [default: one per GPU, or as threads]',
    })
    .option('pass-env', { ...listOption, describe: 'further environment variables for programs, separated by commas' });

/** @throws EdgesweepError USAGE */
export function programsOf({ slots, passEnv }: ProgramFlags, { env }: Pick<Surroundings, 'env'>): ProgramOptions {
  if (slots !== undefined && !(Number.isInteger(slots) && slots >= 1 && slots <= 1024)) {
    throw new EdgesweepError('USAGE', 'invalid number of slots', {
      where: '--slots',
      expected: 'a whole number from 1 to 1024',
      got: String(slots),
      fix: 'omit it for one slot per GPU, or per core where there is none',
    });
  }
  return { slots, env, passed: passEnv && splitList(passEnv) };
}
