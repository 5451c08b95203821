import {
  closeSync,
  existsSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { EdgesweepError, messageOf } from '../../../shared/mod.ts';
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from './checkpoint.ts';

/** Where the checkpoints of a task are: the last one, and the one before it. */
export function checkpointFiles(folder: string, task: string): [last: string, before: string] {
  const last = join(folder, `${task}.checkpoint`);
  return [last, `${last}.before`];
}

/**
 * The newest checkpoint of the task that is whole: the one before the last, when the last was torn.
 * @throws EdgesweepError CHECKPOINT_OTHER_VERSION, DISK
 */
export function readCheckpoint(folder: string, task: string): Checkpoint | undefined {
  for (const path of checkpointFiles(folder, task)) {
    let file: Uint8Array;
    try {
      file = readFileSync(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') continue;
      throw diskError('a checkpoint cannot be read', path, error);
    }
    const checkpoint = decodeCheckpoint(task, file, path);
    if (checkpoint !== undefined) return checkpoint;
  }
  return undefined;
}

/** On the disk before it takes the place of the last one, which becomes the one before. @throws EdgesweepError DISK */
export function writeCheckpoint(folder: string, task: string, checkpoint: Checkpoint): void {
  const [last, before] = checkpointFiles(folder, task);
  const path = `${last}.part`;
  try {
    mkdirSync(folder, { recursive: true });
    // a link of this name is removed and not followed
    rmSync(path, { force: true });
    const descriptor = openSync(path, 'wx');
    try {
      const bytes = encodeCheckpoint(task, checkpoint);
      for (let written = 0; written < bytes.length; ) written += writeSync(descriptor, bytes, written);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    try {
      renameSync(last, before);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
    renameSync(path, last);
  } catch (error) {
    throw diskError('a checkpoint cannot be written', path, error);
  }
}

/** The folder of a task that a user's program computes, if the program wants one. */
export const programFolder = (folder: string, task: string): string => join(folder, `${task}.program`);

/** Once the result of the task is recorded. */
export function removeCheckpoints(folder: string, task: string): void {
  if (!existsSync(folder)) return;
  const [last, before] = checkpointFiles(folder, task);
  const folderOfProgram = programFolder(folder, task);
  // most tasks leave none, and to look is cheaper
  for (const path of [last, before, `${last}.part`]) if (isThere(path)) rmSync(path, { force: true });
  if (isThere(folderOfProgram)) rmSync(folderOfProgram, { recursive: true, force: true });
}

/** Also a link to nothing. */
const isThere = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false }) !== undefined;

function diskError(message: string, where: string, cause: unknown): EdgesweepError {
  const got = messageOf(cause);
  return new EdgesweepError('DISK', message, { where, got, fix: 'free some space, or fix the permissions', cause });
}
