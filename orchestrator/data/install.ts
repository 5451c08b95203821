import { existsSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import {
  digestOf,
  EdgesweepError,
  IMAGE_DATASETS,
  type ImageFile,
  type ImageKind,
  publishedDigest,
} from '../../shared/mod.ts';
import {
  CIFAR_ARCHIVE,
  type FoundFile,
  findFiles,
  giveName,
  locate,
  otherFiles,
  type Place,
  readArchive,
  readPlace,
  sumsOf,
} from '../../worker/mod.ts';
import { diskError, systemCode } from '../directory/mod.ts';
import { lackingParts } from './lacking.ts';
import { type ObtainOptions, obtain } from './obtain.ts';
import { openStaging, type Staging } from './staging.ts';

/**
 * Gets a data set into a data directory: downloads or copies, checks every byte, and only then gives it its name. A test set that is
 * missing beside a training set is added to it. What was downloaded of an unfinished try stays in `.fetch-NAME`, to go on from;
 * nothing else does.
 * @returns the folder
 * @throws EdgesweepError DATA_UNREACHABLE, DATA_DAMAGED, DATA_DIFFERS, DATA_MISSING, DIRECTORY_LOCKED, DISK; the signal's reason
 */
export async function fetchDataset(kind: ImageKind, directory: string, options: ObtainOptions): Promise<string> {
  const digest = options.digest ?? publishedDigest(kind);
  const there = whatIsThere(kind, digest, directory);
  const parts = lackingParts(kind, digest, there);
  if (there !== undefined && parts.length === 0) {
    options.note(`${kind} is already installed`);
    return there.folder;
  }
  let staging: Staging | undefined;
  let complete = false;
  try {
    staging = openStaging(directory, kind);
    const { folder } = staging;
    await obtain(kind, parts, folder, options);
    // what is wrong with the files now would be wrong again
    complete = true;
    if (existsSync(join(folder, CIFAR_ARCHIVE))) unpack(kind, folder);
    const test = parts.includes('test') ? checkedTestFiles(kind, folder) : [];
    const training = there === undefined ? checkedTrainingFiles(kind, folder, digest) : [];
    staging.leave();
    if (there === undefined) {
      removeOthers(folder, [...training, ...test]);
      return giveName(folder, directory, kind, digest);
    }
    for (const { path } of test) renameSync(path, join(there.folder, basename(path)));
    rmSync(folder, { recursive: true });
    return there.folder;
  } catch (error) {
    staging?.leave();
    if (complete && staging !== undefined) rmSync(staging.folder, { recursive: true, force: true });
    options.signal?.throwIfAborted();
    throw onDisk(error, directory);
  }
}

function whatIsThere(kind: ImageKind, digest: string, directory: string): Place | undefined {
  try {
    return locate(kind, digest, [directory]).find((place) => digestAt(kind, place) === digest);
  } catch (error) {
    if (error instanceof EdgesweepError) return undefined;
    throw error;
  }
}

/** @returns undefined for damaged files */
function digestAt(kind: ImageKind, place: Place): string | undefined {
  try {
    if ('archive' in place) return readPlace(kind, place).digest;
    return digestOf(sumsOf(place.files, IMAGE_DATASETS[kind].files));
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

function checkedTrainingFiles(kind: ImageKind, folder: string, expected: string): FoundFile[] {
  const known = IMAGE_DATASETS[kind].files;
  const found = findFiles(folder, known);
  const sums = sumsOf(found, known);
  const digest = digestOf(sums);
  if (digest === expected) return found;
  throw differing(kind, folder, sums, {
    expected: `digest ${expected}`,
    got: `digest ${digest}`,
    fix: `to use them anyway, put them into the folder ${kind} of the data directory and set their digest in the sweep`,
  });
}

function checkedTestFiles(kind: ImageKind, folder: string): FoundFile[] {
  const known = IMAGE_DATASETS[kind].testFiles;
  const found = findFiles(folder, known);
  const sums = sumsOf(found, known);
  const other = known.find(({ name }) => otherFiles(sums, known).includes(name));
  if (other === undefined) return found;
  throw differing(kind, folder, sums, {
    expected: `${other.name} with SHA-256 ${other.sha256}`,
    got: 'other test files',
    fix: 'use another source with --from, or one without test files',
  });
}

function differing(
  kind: ImageKind,
  folder: string,
  sums: readonly ImageFile[],
  { got, ...details }: { expected: string; got: string; fix: string },
): EdgesweepError {
  const names = sums.map(({ name, bytes, sha256 }) => `${name}: ${bytes} bytes, SHA-256 ${sha256}`);
  return new EdgesweepError('DATA_DIFFERS', `these are not the expected files of ${kind}`, {
    where: folder,
    got: [got, ...names].join('\n            '),
    ...details,
  });
}

/** What unfinished tries with other sources have left. */
function removeOthers(folder: string, files: readonly FoundFile[]): void {
  const kept = new Set(files.map(({ path }) => basename(path)));
  for (const name of readdirSync(folder)) if (!kept.has(name)) rmSync(join(folder, name), { recursive: true });
}

function onDisk(error: unknown, directory: string): unknown {
  return systemCode(error) === undefined ? error : diskError(error, 'cannot store the data set', directory);
}
