import { constants, existsSync, lstatSync } from 'node:fs';
import { copyFile, cp, link, lstat, open, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Outcome } from '../../shared/mod.ts';
import {
  ASIDE_FILE,
  checkpointFolder,
  logFolder,
  makeDirectory,
  orDiskError,
  readSeries,
  seriesFolder,
  seriesPath,
  syncDirectory,
  systemCode,
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
 * a series, else as a copy.
 * @returns whether it is there
 * @throws EdgesweepError SERIES_DAMAGED, DISK
 */
export async function takeSeries(from: string, to: string | undefined, outcome: Outcome): Promise<boolean> {
  const source = seriesPath(from, outcome.task);
  if (!existsSync(source)) return false;
  await readSeries(from, outcome);
  if (to === undefined || to === from) return true;
  const target = seriesPath(to, outcome.task);
  await orDiskError('cannot write a series', target, async () => {
    await makeDirectory(seriesFolder(to));
    try {
      await link(source, target);
    } catch (error) {
      if (systemCode(error) === 'EEXIST') return;
      if (!NO_LINK.includes(systemCode(error))) throw error;
      await copyDurably(source, target);
    }
  });
  return true;
}

async function copyDurably(source: string, target: string): Promise<void> {
  await copyFile(source, target, constants.COPYFILE_FICLONE);
  const file = await open(target, 'r+');
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
    for (const directory of from) await appendFileOf(join(directory, ASIDE_FILE), join(to, ASIDE_FILE));
  });
}

type Entry = { folder: string; name: string; id: string; time: number };

async function copyNewest(from: readonly string[], to: string, isWanted: (id: string) => boolean): Promise<void> {
  const entries = (await Promise.all(from.map(entriesOf))).flat().filter(({ id }) => isWanted(id));
  const newest = new Map<string, Entry>();
  for (const entry of entries) if (entry.time > (newest.get(entry.id)?.time ?? 0)) newest.set(entry.id, entry);
  const chosen = entries.filter(({ id, folder }) => newest.get(id)?.folder === folder);
  if (chosen.length === 0) return;
  await makeDirectory(to);
  const filter = (path: string) => !lstatSync(path).isSymbolicLink();
  for (const { folder, name } of chosen) {
    if (folder !== to)
      await cp(join(folder, name), join(to, name), { recursive: true, preserveTimestamps: true, filter });
  }
  await syncDirectory(to);
}

/** What is in a folder, except for files that a killed writer left behind. */
async function entriesOf(folder: string): Promise<Entry[]> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => !name.endsWith('.part'));
  return Promise.all(
    names.map(async (name) => ({ folder, name, id: idIn(name), time: (await lstat(join(folder, name))).mtimeMs })),
  );
}

async function appendFileOf(source: string, target: string): Promise<void> {
  if (source === target || !existsSync(source)) return;
  const file = await open(source, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    await writeFile(target, file.createReadStream({ autoClose: false }), { flag: 'a' });
  } finally {
    await file.close();
  }
}
