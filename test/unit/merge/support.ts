import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach } from 'vitest';
import { openSweepDirectory, Progress } from '../../../orchestrator/directory/mod.ts';
import { mergeDirectories } from '../../../orchestrator/merge/mod.ts';
import type { Outcome } from '../../../shared/mod.ts';
import { expand, type SearchSweep } from '../../../shared/sweep/mod.ts';
import { makeFolder, makeSweep, OPEN_OPTIONS, outcomesOf } from '../directory/support.ts';

/** 2 cells of 4 runs. */
export const SWEEP = makeSweep();

let folder = '';

/** Gives each test of a file a folder of its own. */
export const inOwnFolders = () =>
  beforeEach(() => {
    folder = makeFolder();
  });

/** In the folder of the test. */
export const at = (name: string) => join(folder, name);

/** Whatever is in the folder of the test, also hidden. */
export const names = () => readdirSync(folder).sort();

/** A directory with outcomes of the sweep, or of those of its tasks that are chosen. */
export async function record(
  name: string,
  { sweep = SWEEP, outcomes = outcomesOf(sweep) as Outcome[] }: { sweep?: SearchSweep; outcomes?: Outcome[] } = {},
): Promise<string> {
  const directory = await openSweepDirectory(at(name), sweep, OPEN_OPTIONS);
  for (const outcome of outcomes) await directory.append(outcome);
  await directory.close();
  return at(name);
}

export function shard(index: number, of: number): { sweep: SearchSweep; outcomes: Outcome[] } {
  const sweep = { ...SWEEP, shard: `${index}/${of}` };
  const progress = new Progress(expand(sweep));
  return { sweep, outcomes: outcomesOf(SWEEP).filter(({ task }) => progress.includes(task)) };
}

export const merge = (out: string, directories: readonly string[], changes: object = {}) =>
  mergeDirectories({
    ...{ out: at(out), directories, dryRun: false, command: ['merge', 'all'], onInput() {} },
    signal: new AbortController().signal,
    ...changes,
  });

/** Every file below the directory, with its content. */
export function contents(directory: string, skip: readonly string[] = []): Record<string, string> {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !skip.some((name) => path.endsWith(name)));
  return Object.fromEntries(paths.map((path) => [path.slice(directory.length), readFileSync(path, 'base64')]));
}
