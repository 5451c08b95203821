import { availableParallelism, homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { counted, EdgesweepError } from '../../shared/mod.ts';
import type { Surroundings } from '../commands/command.ts';

/** The items of a list option, written with commas, in several options, or both. */
export function splitList(texts: readonly string[]): string[] {
  return texts.flatMap((text) => text.split(',')).map((item) => item.trim());
}

/** A yargs option whose value is a list: `--by depth,width`. Its name goes into `REPEATABLE` of cli.ts. */
export const listOption = { type: 'string', array: true, nargs: 1, requiresArg: true } as const;

/** The number of threads: flag, else environment, else cores. @throws USAGE */
export function threadCount(flag: number | undefined, { env }: Surroundings): number {
  const variable = env.EDGESWEEP_THREADS;
  const [value, where] =
    flag !== undefined ? [flag, '--threads'] : [Number(variable || availableParallelism()), 'EDGESWEEP_THREADS'];
  if (Number.isInteger(value) && value >= 1 && value <= 1024) return value;
  throw new EdgesweepError('USAGE', 'invalid number of threads', {
    where,
    expected: 'a whole number from 1 to 1024',
    got: String(flag ?? variable),
    fix: 'omit it for one thread per core',
  });
}

/**
 * The threads for so many tasks: never more than tasks. More than twice the cores are slower and take memory, so they are warned of.
 * @param wanted what `threadCount` gives
 */
export function threadsFor(
  tasks: number,
  wanted: number,
  note: (text: string) => void,
  cores = availableParallelism(),
): number {
  const threads = Math.max(1, Math.min(wanted, tasks));
  if (threads > 2 * cores) {
    note(`warning: ${threads} threads on ${counted(cores, 'core')}; more threads than cores only take memory`);
  }
  return threads;
}

export const threadsOption = {
  type: 'number',
  requiresArg: true,
  describe: 'number of threads  [EDGESWEEP_THREADS; default: one per core]',
} as const;

export const checkpointOption = {
  type: 'number',
  requiresArg: true,
  default: 30,
  describe: 'seconds between checkpoints of a long task',
} as const;

/** @throws EdgesweepError USAGE */
export function checkpointSeconds(seconds: number): number {
  if (seconds >= 0 && seconds < 1e6) return seconds;
  throw new EdgesweepError('USAGE', 'invalid value for --checkpoint', {
    where: '--checkpoint',
    expected: 'seconds, from 0 to 1000000',
    got: String(seconds),
  });
}

export const keyOption = {
  type: 'string',
  requiresArg: true,
  describe: 'file with the private key of the node  [EDGESWEEP_KEY; default: ~/.local/state/edgesweep/node.key]',
} as const;

export const trustedKeysOption = {
  type: 'string',
  requiresArg: true,
  describe: 'file with public keys of nodes, one per line',
} as const;

/** A share such as `5%`, as a number from 0 to 1. @throws EdgesweepError USAGE */
export function shareOf(text: string, flag: string): number {
  const share = /^(\d+(?:\.\d+)?)%$/.exec(text)?.[1];
  if (share !== undefined && Number(share) > 0 && Number(share) <= 100) return Number(share) / 100;
  throw new EdgesweepError('USAGE', `invalid value for ${flag}`, {
    where: flag,
    expected: 'a share above 0 % and up to 100 %, for instance 5%',
    got: text,
  });
}

/** Where Debian's packages put data sets (dataset-fashion-mnist). */
const SYSTEM_FOLDER = '/usr/share/datasets';

export const dataOption = {
  type: 'string',
  requiresArg: true,
  describe:
    'folder of the data sets  [EDGESWEEP_DATA, `data.directory` of the sweep; default: ~/.local/share/edgesweep/data]',
} as const;

/**
 * The folders in which data sets are looked for; what is fetched goes into the first.
 * @param flag `--data-dir`, before the environment, before the sweep's `data.directory`, before the default
 */
export function dataFolders(
  flag: string | undefined,
  { env, cwd }: Surroundings,
  sweep?: string,
): [string, ...string[]] {
  const share = env.XDG_DATA_HOME || join(homedir(), '.local', 'share');
  const chosen = flag || env.EDGESWEEP_DATA || sweep || join(share, 'edgesweep', 'data');
  return [resolve(cwd, chosen), SYSTEM_FOLDER];
}

/** @param describe what an object stands for */
export const jsonOption = (describe = 'one JSON object') => ({ type: 'boolean', default: false, describe }) as const;
