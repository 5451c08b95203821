import { hash } from 'node:crypto';
import { constants, existsSync, lstatSync, type Stats } from 'node:fs';
import { copyFile, cp, link, lstat, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Outcome } from '../../shared/mod.ts';
import {
  asidePath,
  checkpointFolder,
  logFolder,
  makeDirectory,
  orDiskError,
  readSeries,
  removeSeriesLeftovers,
  seriesFolder,
  seriesPath,
  syncDirectory,
  systemCode,
  temporaryPath,
  writeFileAtomically,
} from '../directory/mod.ts';

/** File systems differ, or the one at hand has no hard links, or not so many. */
const NO_LINK: readonly (string | undefined)[] = [
  'EXDEV',
  'EPERM',
  'ENOTSUP',
  'EOPNOTSUPP',
  'ENOSYS',
  'EMLINK',
  'EACCES',
];

/**
 * Gives a directory the series of an outcome that another one has recorded, where that has it: as a hard link, since nothing ever writes into
 * a series, else as a copy. A file of that name that does not hold the series of the outcome is replaced.
 * @returns whether it is there
 * @throws EdgesweepError SERIES_DAMAGED, DISK
 */
export async function takeSeries(from: string, to: string | undefined, outcome: Outcome): Promise<boolean> {
  const source = seriesPath(from, outcome.task);
  if (!existsSync(source)) return false;
  await readSeries(from, outcome);
  if (to === undefined || to === from) return true;
  const target = seriesPath(to, outcome.task);
  if (existsSync(target) && (await isSeriesOf(to, outcome))) return true;
  await orDiskError('cannot write a series', target, async () => {
    await makeDirectory(seriesFolder(to));
    await replace(target, async (temporary) => {
      try {
        await link(source, temporary);
      } catch (error) {
        if (!NO_LINK.includes(systemCode(error))) throw error;
        await copyFile(source, temporary, constants.COPYFILE_FICLONE);
        await syncFile(temporary);
      }
    });
  });
  return true;
}

/** A file of that name may be of a node that was set aside, or of a merge that was killed. */
const isSeriesOf = (directory: string, outcome: Outcome): Promise<boolean> =>
  readSeries(directory, outcome).then(
    () => true,
    () => false,
  );

/** What `make` makes under another name takes the place of whatever is there, at once. */
async function replace(target: string, make: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = temporaryPath(target);
  try {
    await make(temporary);
    // no file takes the place of a folder, and no folder that of a file
    if (lstatSync(target, { throwIfNoEntry: false })?.isDirectory() || lstatSync(temporary).isDirectory()) {
      await rm(target, { recursive: true, force: true });
    }
    await rename(temporary, target);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

const idIn = (name: string): string => name.split('.')[0];

/** Ids of tasks that the directory has checkpoints of. */
export const idsOfCheckpoints = async (directory: string): Promise<string[]> =>
  (await readdir(checkpointFolder(directory)).catch(() => [])).map(idIn);

/**
 * Copies what runs and programs write into, and a link would let them change: checkpoints of tasks that are not recorded, and what programs
 * wrote; of each task that of the directory where it is newest. Also lines that were moved aside.
 * @param isRecorded by id of the task
 */
export async function copyRest(
  from: readonly string[],
  to: string,
  isRecorded: (id: string) => boolean,
): Promise<void> {
  await orDiskError('cannot copy the files of a sweep directory', to, async () => {
    await copyNewest(from.map(checkpointFolder), checkpointFolder(to), (id) => !isRecorded(id));
    await copyNewest(from.map(logFolder), logFolder(to), () => true);
    await mergeLinesAside(from, to);
  });
}

type Entry = { folder: string; name: string; id: string; time: number };

async function copyNewest(from: readonly string[], to: string, isWanted: (id: string) => boolean): Promise<void> {
  const entries = (await Promise.all(from.map(entriesOf))).flat().filter(({ id }) => isWanted(id));
  const newest = new Map<string, Entry>();
  for (const entry of entries) if (entry.time > (newest.get(entry.id)?.time ?? 0)) newest.set(entry.id, entry);
  // the newest last: until then those of the task count as older than where they are from, so a merge that was killed is repeated
  const chosen = entries
    .filter(({ id, folder }) => newest.get(id)?.folder === folder)
    .toSorted((a, b) => a.time - b.time);
  if (chosen.length === 0) return;
  await makeDirectory(to);
  for (const { folder, name } of chosen) {
    if (folder !== to) await replace(join(to, name), (temporary) => copyAll(join(folder, name), temporary));
  }
  await syncDirectory(to);
}

const isPlain = (stats: Stats): boolean => stats.isFile() || stats.isDirectory();

/** On the disk; links, pipes and the like are left out. */
async function copyAll(source: string, target: string): Promise<void> {
  const filter = (path: string) => isPlain(lstatSync(path));
  await cp(source, target, { recursive: true, preserveTimestamps: true, filter });
  if (!lstatSync(target).isDirectory()) return syncFile(target);
  for (const entry of await readdir(target, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    await (entry.isDirectory() ? syncDirectory(path) : syncFile(path));
  }
  await syncDirectory(target);
}

/** What is in a folder, except for what is neither file nor folder, and what a killed writer left behind. */
async function entriesOf(folder: string): Promise<Entry[]> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => !/\.(part|tmp)$/.test(name));
  const all = await Promise.all(
    names.map(async (name) => ({ folder, name, id: idIn(name), stats: await lstat(join(folder, name)) })),
  );
  return all.filter(({ stats }) => isPlain(stats)).map(({ stats, ...entry }) => ({ ...entry, time: stats.mtimeMs }));
}

/** Removes what a killed merge left in the folders of the directory. */
export async function removeLeftovers(directory: string): Promise<void> {
  await removeSeriesLeftovers(directory);
  for (const folder of [checkpointFolder(directory), logFolder(directory)]) {
    const names = await readdir(folder).catch(() => []);
    for (const name of names) {
      if (/^\..*\.\d+-\d+\.tmp$/.test(name)) await rm(join(folder, name), { recursive: true, force: true });
    }
  }
}

/** The lines that were moved aside in any of the directories, each once. */
async function mergeLinesAside(from: readonly string[], to: string): Promise<void> {
  const target = asidePath(to);
  const sources = from.map(asidePath).filter((path) => existsSync(path));
  if (sources.some((path) => path !== target)) await writeFileAtomically(target, distinctLines(sources));
}

async function* distinctLines(paths: readonly string[]): AsyncGenerator<string> {
  const seen = new Set<string>();
  for (const path of paths) {
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      if (!(await file.stat()).isFile()) throw new Error(`${path} is no regular file`);
      for await (const line of file.readLines({ autoClose: false })) {
        const digest = hash('sha256', line, 'base64');
        if (!seen.has(digest)) yield `${line}\n`;
        seen.add(digest);
      }
    } finally {
      await file.close();
    }
  }
}
