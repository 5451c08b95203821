import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

type CleanUp = () => void | Promise<void>;

const ofFile: CleanUp[] = [];
const ofTest: CleanUp[] = [];
let cleanups = ofTest;

/** After each test, see `clean-up.ts`. */
export const cleanUp = (): Promise<void> => runAll(ofTest);

/** After the last test of a file. */
export const cleanUpFile = (): Promise<void> => runAll(ofFile);

async function runAll(list: CleanUp[]): Promise<void> {
  for (const cleanup of list.splice(0).reverse()) await cleanup();
}

/** What is made here stays for all tests of the file. For `beforeAll`: no test runs beside it. */
export async function keptForFile<T>(make: () => Promise<T>): Promise<T> {
  cleanups = ofFile;
  try {
    return await make();
  } finally {
    cleanups = ofTest;
  }
}

/** Runs after the test, last come first served. */
export const cleanLater = (cleanup: CleanUp): void => {
  cleanups.push(cleanup);
};

/** A temporary folder, removed after the test. */
export function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'edgesweep-test-'));
  cleanLater(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Mounts a small file system for the test; undefined, with the reason printed, where this process may not. */
export function mountSmallDisk(options: string): { path: string; remount: (options: string) => void } | undefined {
  const path = makeFolder();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', path], { stdio: 'pipe' });
  } catch (error) {
    console.warn(`no small disk can be mounted here: ${error instanceof Error ? error.message.trim() : error}`);
    return undefined;
  }
  cleanLater(() => void execFileSync('umount', [path]));
  return { path, remount: (changed) => void execFileSync('mount', ['-o', `remount,${changed}`, path]) };
}
