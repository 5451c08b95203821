import { accessSync, constants, type Dirent, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { EdgesweepError, messageOf } from '../../shared/mod.ts';
import { isSweepDirectory } from '../directory/mod.ts';
import { readDirectoryStatus } from '../status/mod.ts';

export type ListedDirectory = {
  kind: 'directory';
  directory: string;
  /** `running`: a process of this machine writes to it; `unreadable`: its files are damaged or not readable */
  state: 'complete' | 'partial' | 'running' | 'unreadable';
} & (
  | { sweep: string; done: number; pending: number; total: number }
  | { error: { code: string; message: string; where?: string | undefined } }
);

/**
 * The sweep directories below a folder, or the folder itself where it is one, in the order of their paths.
 * @throws EdgesweepError DIRECTORY_UNREADABLE for a folder that is missing or cannot be read
 */
export async function listDirectories(folder: string): Promise<ListedDirectory[]> {
  const listed: ListedDirectory[] = [];
  for (const directory of sweepDirectoriesBelow(folder)) listed.push(await describeDirectory(directory));
  return listed;
}

/** @throws EdgesweepError DIRECTORY_UNREADABLE for a folder that is missing or cannot be read */
export function* sweepDirectoriesBelow(folder: string): Generator<string> {
  if (isSweepDirectory(folder)) {
    yield folder;
    return;
  }
  for (const entry of entriesOf(folder)) {
    const path = join(folder, entry.name);
    if (entry.isSymbolicLink()) {
      // a link to a folder above would have no end
      if (isSweepDirectory(path)) yield path;
    } else if (isReadable(path)) yield* sweepDirectoriesBelow(path);
    // it is listed as unreadable
    else yield path;
  }
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter(({ name }) => name !== 'node_modules' && !name.startsWith('.'))
      .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (cause) {
    throw new EdgesweepError('DIRECTORY_UNREADABLE', 'the folder cannot be read', {
      where: folder,
      expected: 'a folder with sweep directories',
      got: existsSync(folder) ? messageOf(cause) : 'no such folder',
      fix: 'check the path and its permissions',
      cause,
    });
  }
}

function isReadable(folder: string): boolean {
  try {
    accessSync(folder, constants.R_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** One damaged directory does not hide the others. */
async function describeDirectory(directory: string): Promise<ListedDirectory> {
  try {
    const { summary } = await readDirectoryStatus(directory);
    const { sweep, state, done, pending, total } = summary;
    return { kind: 'directory', directory, state, sweep, done, pending, total };
  } catch (error) {
    if (!(error instanceof EdgesweepError)) throw error;
    const { code, message, details } = error;
    return { kind: 'directory', directory, state: 'unreadable', error: { code, message, where: details.where } };
  }
}
