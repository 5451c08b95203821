import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { experimentOf, type Task } from '../../shared/mod.ts';
import { checkpointFiles, decodeCheckpoint, programFolder } from '../experiments/mod.ts';
import { packFolder, stampOf, unpackFolder } from '../programs/mod.ts';

/** Where this machine has what a task resumes from: one file that travels to another. */
export type CheckpointStore = {
  exists(): boolean;
  /** changes with the content; undefined where there is none, or too much */
  stamp(): Promise<string | undefined>;
  read(): Promise<Uint8Array>;
  /** @param from where it is from, for errors @returns whether it was one of this task */
  write(file: Uint8Array, from: string): boolean;
};

/** @param folder of this node */
export function checkpointStore(folder: string, task: Task): CheckpointStore {
  return experimentOf(task).byProgram ? folderStore(folder, task) : fileStore(folder, task);
}

function fileStore(folder: string, task: Task): CheckpointStore {
  const [last, before] = checkpointFiles(folder, task.id);
  return {
    exists: () => existsSync(last) || existsSync(before),
    stamp: async () => String((await stat(last)).mtimeMs),
    // the thread puts another file in the place of this one, and never writes into it
    read: () => readFile(last),
    write(file, from) {
      if (decodeCheckpoint(task.id, file, from) === undefined) return false;
      rmSync(`${last}.part`, { force: true });
      writeFileSync(`${last}.part`, file, { flag: 'wx' });
      renameSync(`${last}.part`, last);
      return true;
    },
  };
}

function folderStore(folder: string, task: Task): CheckpointStore {
  const path = programFolder(folder, task.id);
  return {
    exists: () => existsSync(path),
    stamp: async () => stampOf(path),
    read: async () => packFolder(path, task.id),
    write: (file) => unpackFolder(path, task.id, file),
  };
}
