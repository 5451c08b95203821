import { lstatSync } from 'node:fs';
import { readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { formatSweep, type Sweep } from '../../shared/sweep/mod.ts';
import {
  isSweepDirectory,
  LOCK_FILE,
  leftovers,
  makeDirectory,
  OURS,
  orDiskError,
  refuseForeignDirectory,
  SWEEP_FILE,
  sweepPath,
  syncDirectory,
  TABLES,
  takeLock,
  writeFileAtomically,
} from '../directory/mod.ts';
import { removeLeftovers } from './files.ts';

/** Where a merge writes, locked for this process. */
export type Target = {
  /** the directory itself where it exists; else a folder beside it, so that a killed merge leaves nothing that looks like a result */
  root: string;
  /** Makes the folder the directory. @throws DISK */
  commit(): Promise<void>;
  /** Removes what is not committed, except in a directory that had a sweep before, and lets go. */
  close(): Promise<void>;
};

/** Where a directory that does not exist yet is made. */
const stagingOf = (directory: string): string =>
  join(dirname(resolve(directory)), `.${basename(resolve(directory))}.merging`);

/**
 * A folder that is there is written to in its place, even an empty one: it may be a mount point or the target of a link, and nothing could take
 * its place. It gets its sweep file first, so that a killed merge into it can be repeated. What a killed merge into the same directory left is
 * removed.
 * @throws DIRECTORY_LOCKED, DIRECTORY_NOT_EMPTY, DIRECTORY_OF_ANOTHER_SWEEP, DIRECTORY_UNREADABLE, DISK
 */
export async function openTarget(directory: string, sweep: Sweep): Promise<Target> {
  await refuseForeignDirectory(directory, sweep);
  // a link that leads nowhere is there too
  const isThere = lstatSync(directory, { throwIfNoEntry: false }) !== undefined;
  const root = isThere ? directory : stagingOf(directory);
  await orDiskError('cannot create the sweep directory', root, () => makeDirectory(root));
  const lock = takeLock(root);
  let keeps = isThere && isSweepDirectory(root);
  const close = async () => {
    try {
      if (!keeps) await removeAll(root, isThere);
    } finally {
      lock.release();
    }
  };
  try {
    await orDiskError('cannot remove the leftovers of a killed merge', root, async () => {
      const names = await readdir(root);
      const left = isThere ? leftovers(names) : names.filter((name) => name !== LOCK_FILE);
      for (const name of left) await rm(join(root, name), { recursive: true, force: true });
      await removeLeftovers(root);
    });
    if (isThere && !keeps) await writeFileAtomically(sweepPath(root), formatSweep(sweep));
  } catch (error) {
    await close();
    throw error;
  }
  return {
    root,
    async commit() {
      if (isThere) {
        keeps = true;
        return;
      }
      await orDiskError('cannot put the merged directory in its place', directory, async () => {
        await syncDirectory(root);
        await rename(root, directory);
        keeps = true;
        await syncDirectory(dirname(resolve(directory)));
      });
    },
    close,
  };
}

/**
 * @param inPlace whether the folder itself stays, with its lock and what others put into it; the sweep file goes last, so that until then the
 * rest is known to be ours
 */
async function removeAll(root: string, inPlace: boolean): Promise<void> {
  const all = await readdir(root);
  const ours = [...OURS, ...leftovers(all)];
  const isOurs = (name: string) => ours.includes(name) || name.startsWith(`${TABLES}.`);
  for (const name of all) {
    if (name === LOCK_FILE || name === SWEEP_FILE || (inPlace && !isOurs(name))) continue;
    await rm(join(root, name), { recursive: true, force: true });
  }
  await rm(inPlace ? sweepPath(root) : root, { recursive: true, force: true });
}
