import { realpathSync } from 'node:fs';
import { sweepDirectoriesBelow } from '../list/mod.ts';
import { troubleOf } from './trouble.ts';
import type { Trouble } from './wire.ts';

/** The sweep directories below the folders, each once, and what is wrong with folders. */
export function findSweeps(folders: readonly string[]): { directories: string[]; troubles: Map<string, Trouble> } {
  const found = new Map<string, string>();
  const troubles = new Map<string, Trouble>();
  for (const folder of folders) {
    try {
      for (const directory of sweepDirectoriesBelow(folder)) {
        const real = realpathSync(directory);
        if (!found.has(real)) found.set(real, directory);
      }
    } catch (error) {
      troubles.set(folder, troubleOf(error));
    }
  }
  return { directories: [...found.values()], troubles };
}
