import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { ImageKind } from '../../shared/mod.ts';
import { folderOf } from './locate.ts';

/**
 * Makes a folder with the checked files of a data set a part of a data directory, in one step. A folder that is there already, with other
 * files, stays as it is.
 * @returns the folder that it is then
 */
export function giveName(staging: string, directory: string, kind: ImageKind, digest: string): string {
  const plain = join(directory, kind);
  const taken = existsSync(plain) && readdirSync(plain).length > 0;
  const folder = taken ? join(directory, folderOf(kind, digest)) : plain;
  // of this very name only what was damaged since
  if (taken) rmSync(folder, { recursive: true, force: true });
  renameSync(staging, folder);
  return folder;
}
