import { existsSync, readdirSync } from 'node:fs';
import { readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { Sweep } from '../../shared/sweep/mod.ts';
import {
  LOCK_FILE,
  leftovers,
  makeDirectory,
  orDiskError,
  refuseForeignDirectory,
  syncDirectory,
  takeLock,
} from '../directory/mod.ts';

/** Where a merge writes, locked for this process. */
export type Target = {
  /** the directory itself where it exists; else a folder beside it, so that a killed merge leaves nothing that looks like a result */
  root: string;
  /** Makes the folder the directory. @throws DISK */
  commit(): Promise<void>;
  /** Lets go; what is not committed is removed. */
  close(): Promise<void>;
};

/** Where a directory that does not exist yet is made. */
const stagingOf = (directory: string): string =>
  join(dirname(resolve(directory)), `.${basename(resolve(directory))}.merging`);

/**
 * What a killed merge into the same directory left is removed.
 * @throws DIRECTORY_LOCKED, DIRECTORY_NOT_EMPTY, DIRECTORY_OF_ANOTHER_SWEEP, DIRECTORY_UNREADABLE, DISK
 */
export async function openTarget(directory: string, sweep: Sweep): Promise<Target> {
  await refuseForeignDirectory(directory, sweep);
  const isThere = existsSync(directory) && readdirSync(directory).length > 0;
  const root = isThere ? directory : stagingOf(directory);
  await orDiskError('cannot create the sweep directory', root, () => makeDirectory(root));
  const lock = takeLock(root);
  let committed = isThere;
  const close = async () => {
    lock.release();
    if (!committed) await rm(root, { recursive: true, force: true });
  };
  try {
    await orDiskError('cannot remove the leftovers of a killed merge', root, async () => {
      const names = await readdir(root);
      const left = isThere ? leftovers(names) : names.filter((name) => name !== LOCK_FILE);
      for (const name of left) await rm(join(root, name), { recursive: true, force: true });
    });
  } catch (error) {
    await close();
    throw error;
  }
  return {
    root,
    async commit() {
      if (isThere) return;
      await orDiskError('cannot put the merged directory in its place', directory, async () => {
        await syncDirectory(root);
        await rename(root, directory);
        committed = true;
        await syncDirectory(dirname(resolve(directory)));
      });
    },
    close,
  };
}
