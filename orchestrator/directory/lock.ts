import { closeSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { tryLock } from 'fs-native-extensions';
import { EdgesweepError } from '../../shared/mod.ts';
import { diskError } from './disk-error.ts';
import { lockPath } from './layout.ts';

export type Lock = { release(): void };

/**
 * Takes the directory for this opener alone. The kernel holds the lock and drops it with the process, however that ends,
 * so a killed writer leaves none behind. The file stays: deleting it would let two openers lock two files of one name.
 * What is written into it only names the holder in the message of others.
 * @throws DIRECTORY_LOCKED, DISK
 */
export function takeLock(directory: string): Lock {
  const path = lockPath(directory);
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, 'a+');
    if (!tryLock(descriptor)) throw lockedError(directory, path);
    ftruncateSync(descriptor);
    writeSync(descriptor, `${describeHolder()}\n`);
  } catch (error) {
    if (descriptor !== undefined) closeSync(descriptor);
    throw error instanceof EdgesweepError ? error : diskError(error, 'cannot lock the sweep directory', path);
  }
  const held = descriptor;
  return {
    release() {
      try {
        ftruncateSync(held);
      } finally {
        closeSync(held);
      }
    },
  };
}

const describeHolder = (): string => `process ${process.pid} on host ${hostname()} since ${new Date().toISOString()}`;

/**
 * Whether a process of this machine writes to the directory, as far as the lock file says: the lock itself is not asked, because taking it
 * for a moment would refuse a run that starts in this moment. A holder on another machine is not seen.
 */
export function isWrittenTo(directory: string): boolean {
  try {
    const [, pid, host] = /^process (\d+) on host (\S+) since /.exec(readFileSync(lockPath(directory), 'utf8')) ?? [];
    if (pid === undefined || host !== hostname()) return false;
    // signal 0 only asks
    process.kill(Number(pid), 0);
    return true;
  } catch (error) {
    // a process of another user is there too
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function lockedError(directory: string, path: string): EdgesweepError {
  // Empty in the moment between the other's locking and its writing.
  const holder = readFileSync(path, 'utf8').trim() || 'another process';
  return new EdgesweepError('DIRECTORY_LOCKED', 'another run is writing to this sweep directory', {
    where: directory,
    expected: 'one writer at a time',
    got: `locked by ${holder}`,
    fix: 'wait until it finishes, stop it, or use another directory with --out',
  });
}
