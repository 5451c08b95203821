import { copyFileSync, existsSync, readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import {
  EdgesweepError,
  IMAGE_DATASETS,
  type ImageFile,
  type ImageKind,
  type Part,
  publishedDigest,
} from '../../shared/mod.ts';
import { type FoundFile, findFiles, foldersWithin, GZIP_EXCESS, lacking } from '../../worker/mod.ts';
import { SOURCES, type SourceFile } from './sources.ts';

/** File names that an error lists. */
const MOST_NAMES = 8;

/**
 * Copies the files of these parts: unpacked or gzip files, in the folder itself or in the subfolders in which they usually are; else the
 * archive that they are distributed in. A folder may lack the test set.
 * @param from the folder, or the archive
 * @throws EdgesweepError DATA_MISSING, DATA_DAMAGED; an error of the operating system
 */
export function fromFolder(
  kind: ImageKind,
  parts: readonly Part[],
  from: string,
  folder: string,
  note: (text: string) => void,
): void {
  const archive = SOURCES[kind].files.find((file) => file.parts.length > 1);
  if (existsSync(from) && statSync(from).isFile()) {
    if (archive === undefined) throw notFound(kind, from, 'a file');
    copy(from, join(folder, archive.name), archive.most);
    return;
  }
  const { files, testFiles } = IMAGE_DATASETS[kind];
  const folders = [...new Set(foldersWithin(from, kind, publishedDigest(kind)))];
  for (const part of parts) {
    const wanted = part === 'training' ? files : testFiles;
    const found = complete(folders, wanted);
    if (found !== undefined) copyAll(found, wanted, folder);
    else if (archive !== undefined && copyArchive(archive, folders, folder)) return;
    else if (part === 'training' || parts.length === 1) throw notFound(kind, from, whatIsIn(from, folders, wanted));
    else note(`the test set is not installed: ${from} has no ${wanted.map(({ name }) => name).join(', ')}`);
  }
}

const filesIn = (folder: string, wanted: readonly ImageFile[]): FoundFile[] =>
  findFiles(folder, wanted).filter(({ path }) => statSync(path).isFile());

/** All of the wanted files, from the first folder that has them. */
function complete(folders: readonly string[], wanted: readonly ImageFile[]): FoundFile[] | undefined {
  return folders.map((one) => filesIn(one, wanted)).find((found) => found.length === wanted.length);
}

function copyAll(found: readonly FoundFile[], wanted: readonly ImageFile[], folder: string): void {
  for (const [i, { path, packed }] of found.entries()) {
    copy(path, join(folder, basename(path)), wanted[i].bytes + (packed ? GZIP_EXCESS : 0));
  }
}

function copyArchive({ name, most }: SourceFile, folders: readonly string[], folder: string): boolean {
  const found = folders.map((one) => join(one, name)).find((path) => existsSync(path));
  if (found !== undefined) copy(found, join(folder, name), most);
  return found !== undefined;
}

function copy(path: string, target: string, most: number): void {
  const { size } = statSync(path);
  if (size > most) {
    throw new EdgesweepError('DATA_DAMAGED', `${path}, byte ${most}: the file is too long`, {
      where: `${path}, byte ${most}`,
      expected: `at most ${most} bytes`,
      got: `${size} bytes`,
      fix: 'name the right file with --from',
    });
  }
  copyFileSync(path, target);
}

function whatIsIn(from: string, folders: readonly string[], wanted: readonly ImageFile[]): string {
  if (!existsSync(from)) return 'no such file or folder';
  for (const folder of folders) {
    const found = filesIn(folder, wanted);
    if (found.length > 0) return `${folder} without ${lacking(wanted, found).join(', ')}`;
  }
  const names = readdirSync(from).sort();
  if (names.length === 0) return 'an empty folder';
  const more = names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : '';
  return `a folder with ${names.slice(0, MOST_NAMES).join(', ')}${more}`;
}

function notFound(kind: ImageKind, from: string, got: string): EdgesweepError {
  const { files } = IMAGE_DATASETS[kind];
  const unpacked = `a folder with ${files.map(({ name }) => name).join(', ')} (plain or .gz)`;
  const archive = SOURCES[kind].files.find((file) => file.parts.length > 1)?.name;
  return new EdgesweepError('DATA_MISSING', `${from} does not hold ${kind}`, {
    where: from,
    expected: archive === undefined ? unpacked : `${unpacked}, or with ${archive}, or that file itself`,
    got,
    fix: 'name the right folder with --from',
  });
}
