import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { EdgesweepError, filesOf, type ImageFile, type ImageKind, type Part } from '../../shared/mod.ts';
import { missing, unreadable } from './errors.ts';

/** A file of a data set as it lies on the disk. */
export type FoundFile = { name: string; path: string; packed: boolean };

/** The files of a data set in one folder: one by one, or all in an archive. */
export type Place = { folder: string; files: FoundFile[] } | { folder: string; archive: string };

export const CIFAR_ARCHIVE = 'cifar-10-binary.tar.gz';
const CIFAR_FOLDER = 'cifar-10-batches-bin';

/** The folders of torchvision, so that what it has downloaded is found. */
const TORCHVISION: Record<ImageKind, string> = {
  mnist: join('MNIST', 'raw'),
  'fashion-mnist': join('FashionMNIST', 'raw'),
  cifar10: CIFAR_FOLDER,
};

/** Digits of the digest in the name of a folder that a node has made. */
const DIGITS = 12;

/** The folder of a data directory that is for these very files. */
export const folderOf = (kind: ImageKind, digest: string): string => `${kind}-${digest.slice(0, DIGITS)}`;

/**
 * The places where files of that name lie completely, the likeliest first: whether they are the right ones is for their digest to say.
 * @param folders data directories, the first one first
 * @throws EdgesweepError DATA_MISSING when there is none; DATA_UNREADABLE when that may be for a folder that cannot be read
 */
export function locate(
  kind: ImageKind,
  digest: string,
  folders: readonly string[],
  part: Part = 'training',
): [Place, ...Place[]] {
  const places: Place[] = [];
  let trouble: EdgesweepError | undefined;
  let incomplete: string | undefined;
  for (const folder of folders.flatMap((base) => foldersWithin(base, kind, digest))) {
    try {
      const found = look(kind, folder, part);
      if (typeof found === 'string') incomplete ??= found;
      else if (found !== undefined) places.push(found);
    } catch (error) {
      if (!(error instanceof EdgesweepError)) throw error;
      trouble ??= error;
    }
  }
  const [first, ...rest] = places;
  if (first === undefined) throw trouble ?? missing(kind, part, folders, incomplete);
  return [first, ...rest];
}

/** The folders of a data directory that may hold the files, the likeliest first. */
export function foldersWithin(base: string, kind: ImageKind, digest: string): string[] {
  const within = [folderOf(kind, digest), kind, TORCHVISION[kind], '.'];
  const folders = within.map((name) => join(base, name));
  return kind === 'cifar10' ? [...folders, join(base, kind, CIFAR_FOLDER)] : folders;
}

/** Those of the wanted files that a folder has, plain or packed. */
export function findFiles(folder: string, wanted: readonly ImageFile[]): FoundFile[] {
  const names = namesIn(folder);
  return wanted.flatMap(({ name }): FoundFile[] => {
    const packed = !names.has(name);
    const file = packed ? `${name}.gz` : name;
    return names.has(file) ? [{ name, path: join(folder, file), packed }] : [];
  });
}

/** @returns undefined when nothing is there, and a sentence when only some of the files are */
function look(kind: ImageKind, folder: string, part: Part): Place | string | undefined {
  const wanted = filesOf(kind, part);
  const files = findFiles(folder, wanted);
  if (files.length === wanted.length) return { folder, files };
  if (kind === 'cifar10' && namesIn(folder).has(CIFAR_ARCHIVE)) return { folder, archive: join(folder, CIFAR_ARCHIVE) };
  if (files.length === 0) return undefined;
  return `${folder} lacks ${lacking(wanted, files).join(', ')}`;
}

/** The names of the wanted files that are not among those found. */
export const lacking = (wanted: readonly ImageFile[], found: readonly Pick<FoundFile, 'name'>[]): string[] =>
  wanted.map(({ name }) => name).filter((name) => !found.some((file) => file.name === name));

function namesIn(folder: string): Set<string> {
  try {
    return new Set(readdirSync(folder));
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return new Set();
    throw unreadable(folder, error);
  }
}
