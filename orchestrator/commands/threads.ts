import { availableParallelism } from 'node:os';
import { EdgesweepError } from '../../shared/mod.ts';
import type { Surroundings } from './command.ts';

/** The number of threads: flag, else environment, else cores. @throws USAGE */
export function threadCount(flag: number | undefined, { env }: Surroundings): number {
  const variable = env.EDGESWEEP_THREADS;
  const [value, where] =
    flag !== undefined ? [flag, '--threads'] : [Number(variable || availableParallelism()), 'EDGESWEEP_THREADS'];
  if (Number.isInteger(value) && value >= 1 && value <= 1024) return value;
  throw new EdgesweepError('USAGE', 'the number of threads cannot be used', {
    where,
    expected: 'a whole number from 1 to 1024',
    got: String(flag ?? variable),
    fix: 'leave it out for one thread a core',
  });
}

export const threadsOption = {
  type: 'number',
  requiresArg: true,
  describe: 'threads  [EDGESWEEP_THREADS, else one a core]',
} as const;
