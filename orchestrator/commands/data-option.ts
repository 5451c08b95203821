import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

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
export function dataFolders(flag: string | undefined, sweep?: string): [string, ...string[]] {
  const share = process.env.XDG_DATA_HOME || join(homedir(), '.local', 'share');
  const chosen = flag || process.env.EDGESWEEP_DATA || sweep || join(share, 'edgesweep', 'data');
  return [resolve(chosen), SYSTEM_FOLDER];
}
