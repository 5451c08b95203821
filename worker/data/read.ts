import { hash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import {
  digestOf,
  EdgesweepError,
  filesOf,
  IMAGE_DATASETS,
  type ImageFile,
  type ImageKind,
  type Part,
  publishedDigest,
} from '../../shared/mod.ts';
import { readCifarBatch } from './cifar.ts';
import { damaged, unreadable } from './errors.ts';
import { gunzip } from './gzip.ts';
import { readIdxImages, readIdxLabels } from './idx.ts';
import { type FoundFile, locate, type Place } from './locate.ts';
import { readTar } from './tar.ts';

/** A training or test set in memory, as small as it can be. */
export type Images = {
  kind: ImageKind;
  count: number;
  channels: number;
  /** values of an image: channels, rows, columns */
  size: number;
  /** count * size */
  pixels: Uint8Array;
  /** count, from 0 to 9 */
  labels: Uint8Array;
  /** the file and the byte that say how many there are */
  counted: { file: string; byte: number };
};

/** What was read, and from where. */
export type Read = { images: Images; digest: string; files: ImageFile[]; place: Place; folder: string };

/** Bytes that an archive of CIFAR-10 may hold: the published one has 185 million. */
const LARGEST_ARCHIVE = 200_000_000;
/** Packing makes random bytes a little longer. */
export const GZIP_EXCESS = 2 ** 16;

/**
 * Reads a training or test set from the first place with files of that digest.
 * @param folders data directories
 * @throws EdgesweepError DATA_MISSING, DATA_UNREADABLE, DATA_DAMAGED, DATA_DIFFERS
 */
export function readImages(kind: ImageKind, digest: string, folders: readonly string[], part: Part = 'training'): Read {
  let first: unknown;
  for (const place of locate(kind, digest, folders, part)) {
    try {
      const read = readPlace(kind, place, part);
      if (read.digest === digest) return read;
      first ??= differing(kind, part, digest, read);
    } catch (error) {
      if (!(error instanceof EdgesweepError)) throw error;
      first ??= error;
    }
  }
  throw first;
}

/** Reads and checks what is in one place, whatever its digest. */
export function readPlace(kind: ImageKind, place: Place, part: Part = 'training'): Read {
  const contents = contentsOf(kind, place, part);
  const images = kind === 'cifar10' ? fromCifar(contents) : fromIdx(kind, contents);
  const files = contents.map(({ name, bytes }) => sumOf(name, bytes));
  return { images, digest: digestOf(files), files, place, folder: place.folder };
}

/**
 * The unpacked files of a data set that comes as a `.tar.gz`, by their names; those of the test set where the archive has them.
 * @throws EdgesweepError DATA_UNREADABLE, DATA_DAMAGED
 */
export function readArchive(kind: ImageKind, file: string): Map<string, Uint8Array> {
  const archive = gunzip(readFile(file, LARGEST_ARCHIVE), file, LARGEST_ARCHIVE);
  const { files, testFiles } = IMAGE_DATASETS[kind];
  return readTar(archive, file, files, testFiles);
}

/** `file` is what to call it in errors. */
type Content = { name: string; file: string; bytes: Uint8Array };

/**
 * The unpacked files in one place.
 * @throws EdgesweepError DATA_UNREADABLE, DATA_DAMAGED
 */
export function contentsOf(kind: ImageKind, place: Place, part: Part = 'training'): Content[] {
  const files = filesOf(kind, part);
  if ('archive' in place) {
    const file = place.archive;
    const found = readArchive(kind, file);
    return files.map(({ name }) => ({ name, file: `${file}: ${name}`, bytes: found.get(name) as Uint8Array }));
  }
  return place.files.map((file) => ({ name: file.name, file: file.path, bytes: readFound(file, files) }));
}

/**
 * The content of a file, unpacked.
 * @param known the files that it is one of
 * @throws EdgesweepError DATA_UNREADABLE, DATA_DAMAGED
 */
function readFound({ name, path, packed }: FoundFile, known: readonly ImageFile[]): Uint8Array {
  const most = known.find((file) => file.name === name)?.bytes ?? 0;
  const bytes = readFile(path, packed ? most + GZIP_EXCESS : most);
  return packed ? gunzip(bytes, path, most) : bytes;
}

/**
 * Names, lengths and digests of files, read one after the other so that only one is in memory.
 * @throws EdgesweepError DATA_UNREADABLE, DATA_DAMAGED
 */
export function sumsOf(found: readonly FoundFile[], known: readonly ImageFile[]): ImageFile[] {
  return found.map((file) => sumOf(file.name, readFound(file, known)));
}

export const sumOf = (name: string, bytes: Uint8Array): ImageFile => {
  return { name, bytes: bytes.length, sha256: hash('sha256', bytes, 'hex') };
};

function readFile(path: string, most: number): Uint8Array {
  try {
    const { size } = statSync(path);
    if (size <= most) return readFileSync(path);
    throw damaged(path, most, 'the file is too long', { expected: `at most ${most} bytes`, got: `${size} bytes` });
  } catch (error) {
    throw error instanceof EdgesweepError ? error : unreadable(path, error);
  }
}

function fromIdx(kind: ImageKind, [images, labels]: readonly Content[]): Images {
  const { side, channels } = IMAGE_DATASETS[kind];
  const size = channels * side * side;
  const pixels = readIdxImages(images.bytes, images.file, side);
  const read = readIdxLabels(labels.bytes, labels.file);
  const count = pixels.length / size;
  if (count !== read.length) {
    throw damaged(labels.file, 4, 'the numbers of images and labels differ (unpacked)', {
      expected: `${count} labels, as many as images in ${basename(images.file)}`,
      got: String(read.length),
    });
  }
  return { kind, count, channels, size, pixels, labels: read, counted: { file: images.file, byte: 4 } };
}

function fromCifar(contents: readonly Content[]): Images {
  const { side, channels } = IMAGE_DATASETS.cifar10;
  const batches = contents.map(({ bytes, file }) => readCifarBatch(bytes, file));
  const count = batches.reduce((sum, { labels }) => sum + labels.length, 0);
  const size = channels * side * side;
  const images = { pixels: new Uint8Array(count * size), labels: new Uint8Array(count) };
  let at = 0;
  for (const { labels, pixels } of batches) {
    images.pixels.set(pixels, at * size);
    images.labels.set(labels, at);
    at += labels.length;
  }
  const last = contents[contents.length - 1];
  const counted = { file: last.file, byte: last.bytes.length };
  return { kind: 'cifar10', count, channels, size, ...images, counted };
}

function differing(kind: ImageKind, part: Part, expected: string, { digest, files, folder }: Read): EdgesweepError {
  const published = expected === publishedDigest(kind, part);
  const known = filesOf(kind, part);
  const other = published ? files.find(({ sha256 }, i) => sha256 !== known[i].sha256) : undefined;
  const doubt = IMAGE_DATASETS[kind].confirmed
    ? ''
    : '; the digests of these files come from a single source and may be wrong';
  const where = other === undefined ? folder : `${folder}: ${other.name}`;
  return new EdgesweepError('DATA_DIFFERS', `${where}: not the data that the task names`, {
    where: `${where}, bytes 0 to ${other?.bytes ?? files.reduce((sum, { bytes }) => sum + bytes, 0)}`,
    expected: `digest ${expected}`,
    got: `digest ${digest}`,
    fix: `put the right files there, or set \`digest: ${digest}\` in the sweep to use these${published ? doubt : ''}`,
  });
}
