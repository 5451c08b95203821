import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Surroundings } from './command.ts';

/** Where Debian's packages put data sets (dataset-fashion-mnist). */
const SYSTEM_FOLDER = '/usr/share/datasets';

export const dataOption = {
  type: 'string',
  requiresArg: true,
  describe: 'folder of the data sets  [EDGESWEEP_DATA, `data.directory` of the sweep, ~/.local/share/edgesweep/data]',
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
