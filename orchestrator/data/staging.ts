import { closeSync, mkdirSync, openSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { tryLock } from 'fs-native-extensions';
import { EdgesweepError, type ImageKind } from '../../shared/mod.ts';

/** A folder in which one fetch at a time collects a data set. */
export type Staging = {
  readonly folder: string;
  /** Lets go of it; what was collected stays, an empty folder does not. */
  leave(): void;
};

const LOCK = '.lock';

/** @throws EdgesweepError DIRECTORY_LOCKED when another fetch is under way; an error of the operating system */
export function openStaging(directory: string, kind: ImageKind): Staging {
  const folder = join(directory, `.fetch-${kind}`);
  mkdirSync(folder, { recursive: true });
  const lock = join(folder, LOCK);
  // the kernel drops the lock with the process, however that ends
  const descriptor = openSync(lock, 'a+');
  if (!tryLock(descriptor)) {
    closeSync(descriptor);
    throw new EdgesweepError('DIRECTORY_LOCKED', `another command is fetching ${kind} into this data directory`, {
      where: folder,
      expected: 'one at a time',
      fix: 'wait until it finishes, or use another directory with --data-dir',
    });
  }
  let held = true;
  return {
    folder,
    leave() {
      if (!held) return;
      held = false;
      rmSync(lock, { force: true });
      closeSync(descriptor);
      if (readdirSync(folder).length === 0) rmSync(folder, { recursive: true });
    },
  };
}
