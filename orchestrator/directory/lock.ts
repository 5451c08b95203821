import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readFileSync,
  readSync,
  writeSync,
} from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { hostname } from 'node:os';
import { tryLock } from 'fs-native-extensions';
import { EdgesweepError, messageOf } from '../../shared/mod.ts';
import { diskError, systemCode } from './disk-error.ts';
import { journalPath, lockPath } from './layout.ts';
import { linkError } from './links.ts';

export type Lock = { release(): void };

/**
 * Takes the directory for this opener alone. The kernel holds the lock and drops it with the process, however that ends,
 * so a killed writer leaves none behind. The file stays: deleting it would let two openers lock two files of one name.
 * What is written into it only names the holder in the message of others. No link is followed, and no file of anything else is emptied.
 * @throws DIRECTORY_LOCKED, DIRECTORY_UNREADABLE, DISK
 */
export function takeLock(directory: string): Lock {
  const path = lockPath(directory);
  let descriptor: number | undefined;
  try {
    const { O_RDWR, O_CREAT, O_APPEND, O_NOFOLLOW, O_NONBLOCK } = constants;
    descriptor = openSync(path, O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW | O_NONBLOCK, 0o666);
    if (!tryLock(descriptor)) throw lockedError(directory, holderIn(path));
    requireOurs(descriptor, path);
    ftruncateSync(descriptor);
    writeSync(descriptor, `${describeHolder()}\n`);
  } catch (error) {
    if (descriptor !== undefined) closeSync(descriptor);
    if (error instanceof EdgesweepError) throw error;
    throw systemCode(error) === 'ELOOP' ? linkError(path) : diskError(error, 'cannot lock the sweep directory', path);
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

/**
 * Keeps writers out of the directory while it is read. Nothing is written, so the directory may be read-only, and several may read.
 * @param own whether this process has taken it with `takeLock`: then only the journal is locked, against a writer without a lock file
 * @throws DIRECTORY_LOCKED where somebody writes; DIRECTORY_UNREADABLE
 */
export function takeReadLock(directory: string, own: boolean): Lock {
  const descriptors: number[] = [];
  const release = () => {
    for (const descriptor of descriptors.splice(0)) closeSync(descriptor);
  };
  try {
    for (const path of own ? [journalPath(directory)] : [lockPath(directory), journalPath(directory)]) {
      if (!existsSync(path)) continue;
      // a pipe would wait for a writer
      const descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
      descriptors.push(descriptor);
      if (!fstatSync(descriptor).isFile()) throw new Error(`${path} is no regular file`);
      if (!tryLock(descriptor, { shared: true })) throw lockedError(directory, holderIn(lockPath(directory)));
    }
  } catch (cause) {
    release();
    if (cause instanceof EdgesweepError) throw cause;
    const got = messageOf(cause);
    const fix = 'check the permissions';
    throw new EdgesweepError('DIRECTORY_UNREADABLE', 'the sweep directory cannot be read', {
      where: directory,
      got,
      fix,
      cause,
    });
  }
  return { release };
}

/**
 * Locks the open journal itself, which keeps a second writer out where the lock file was deleted, or where the journal has a second name.
 * @throws DIRECTORY_LOCKED
 */
export function lockJournal(directory: string, journal: FileHandle): void {
  if (!tryLock(journal.fd)) throw lockedError(directory, 'another process, which writes to the journal');
}

const BEGINNING = 'process ';
const describeHolder = (): string =>
  `${BEGINNING}${process.pid} on host ${hostname()} since ${new Date().toISOString()}`;

/** Another file may have the name `lock`, or the lock file another name: a hard link. It would be emptied. */
function requireOurs(descriptor: number, path: string): void {
  const buffer = Buffer.alloc(500);
  const text = buffer.toString('utf8', 0, readSync(descriptor, buffer, 0, buffer.length, 0));
  // a power loss may leave any part of it, or zeros
  const begins = [...BEGINNING].every((letter, i) => i >= text.length || text[i] === letter || text[i] === '\0');
  if (begins && !text.trimEnd().includes('\n')) return;
  throw new EdgesweepError('DIRECTORY_UNREADABLE', 'the lock of the sweep directory is another file', {
    where: path,
    expected: 'the lock file that `edgesweep run` writes',
    got: `a file that begins with ${JSON.stringify(text.slice(0, 40))}`,
    fix: 'move it elsewhere, or choose another directory with --out',
  });
}

/** Empty in the moment between the other's locking and its writing. */
const holderIn = (path: string): string =>
  (existsSync(path) ? readFileSync(path, 'utf8').trim() : '') || 'another process';

function lockedError(directory: string, holder: string): EdgesweepError {
  return new EdgesweepError('DIRECTORY_LOCKED', 'another run is writing to this sweep directory', {
    where: directory,
    expected: 'one writer at a time',
    got: `locked by ${holder}`,
    fix: 'wait until it finishes, stop it, or use another directory with --out',
  });
}
