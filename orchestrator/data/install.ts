import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EdgesweepError, type ImageKind, publishedDigest } from '../../shared/mod.ts';
import { CIFAR_ARCHIVE, giveName, locate, type Read, readArchive, readImages, readPlace } from '../../worker/mod.ts';
import { diskError, systemCode } from '../directory/mod.ts';
import { type ObtainOptions, obtain } from './obtain.ts';
import { openStaging, type Staging } from './staging.ts';

/**
 * Gets a data set into a data directory: downloads or copies, checks every byte, and only then gives it its name. What was downloaded
 * of an unfinished try stays in `.fetch-NAME`, to go on from; nothing else does.
 * @returns the folder
 * @throws EdgesweepError DATA_UNREACHABLE, DATA_DAMAGED, DATA_DIFFERS, DATA_MISSING, DIRECTORY_LOCKED, DISK
 */
export async function fetchDataset(kind: ImageKind, directory: string, options: ObtainOptions): Promise<string> {
  const digest = options.digest ?? publishedDigest(kind);
  const there = whatIsThere(kind, digest, directory);
  if (there !== undefined) {
    options.note(`${kind} is there already`);
    return there.folder;
  }
  let staging: Staging | undefined;
  let complete = false;
  try {
    staging = openStaging(directory, kind);
    const { folder } = staging;
    await obtain(kind, folder, options);
    // what is wrong with the files now would be wrong again
    complete = true;
    if (existsSync(join(folder, CIFAR_ARCHIVE))) unpack(kind, folder);
    const [place] = locate(kind, digest, [folder]);
    requireDigest(kind, digest, readPlace(kind, place));
    staging.leave();
    return giveName(folder, directory, kind, digest);
  } catch (error) {
    staging?.leave();
    if (complete && staging !== undefined) rmSync(staging.folder, { recursive: true, force: true });
    throw onDisk(error, directory);
  }
}

function whatIsThere(kind: ImageKind, digest: string, directory: string): Read | undefined {
  try {
    return readImages(kind, digest, [directory]);
  } catch (error) {
    if (error instanceof EdgesweepError) return undefined;
    throw error;
  }
}

/** The archive is removed: its files are read faster. */
function unpack(kind: ImageKind, folder: string): void {
  const archive = join(folder, CIFAR_ARCHIVE);
  for (const [name, content] of readArchive(kind, archive)) writeFileSync(join(folder, name), content);
  rmSync(archive);
}

function requireDigest(kind: ImageKind, expected: string, { digest, files, folder }: Read): void {
  if (digest === expected) return;
  const names = files.map(({ name, bytes, sha256 }) => `${name}: ${bytes} bytes, SHA-256 ${sha256}`);
  throw new EdgesweepError('DATA_DIFFERS', `these are not the files of ${kind} that are wanted`, {
    where: folder,
    expected: `digest ${expected}`,
    got: [`digest ${digest}`, ...names].join('\n            '),
    fix: `to use them all the same, put them into a folder ${kind} of the data directory and write their digest into the sweep`,
  });
}

function onDisk(error: unknown, directory: string): unknown {
  return systemCode(error) === undefined ? error : diskError(error, 'cannot keep the data set', directory);
}
