import { basename } from 'node:path';
import { LABELS } from '../../shared/mod.ts';
import { damaged } from './errors.ts';

/** Red, green and blue of 32 rows of 32 pixels, after the label. https://www.cs.toronto.edu/~kriz/cifar.html */
export const CIFAR_PIXELS = 3 * 32 * 32;
const RECORD = 1 + CIFAR_PIXELS;
const BLOCK = 512;

/**
 * The labels and pixels of one file of the binary version.
 * @throws EdgesweepError DATA_DAMAGED
 */
export function readCifarBatch(bytes: Uint8Array, file: string): { labels: Uint8Array; pixels: Uint8Array } {
  const count = Math.floor(bytes.length / RECORD);
  if (count === 0 || count * RECORD !== bytes.length) {
    throw damaged(file, count * RECORD, 'it ends within an example', {
      expected: `a multiple of ${RECORD} bytes`,
      got: `${bytes.length} bytes`,
    });
  }
  const labels = new Uint8Array(count);
  const pixels = new Uint8Array(count * CIFAR_PIXELS);
  for (let e = 0; e < count; e++) {
    const start = e * RECORD;
    labels[e] = bytes[start];
    if (labels[e] >= LABELS.length) {
      throw damaged(file, start, `the label of example ${e} is none`, {
        expected: 'a label from 0 to 9',
        got: String(labels[e]),
      });
    }
    pixels.set(bytes.subarray(start + 1, start + RECORD), e * CIFAR_PIXELS);
  }
  return { labels, pixels };
}

/**
 * The contents of the wanted files of an unpacked tar archive, by their names without folders. Nothing is written, so that names need
 * no checking.
 * @throws EdgesweepError DATA_DAMAGED when the archive is cut off, is no archive, or lacks one of them
 */
export function readTar(archive: Uint8Array, file: string, wanted: readonly string[]): Map<string, Uint8Array> {
  const text = (start: number, length: number) =>
    new TextDecoder('latin1').decode(archive.subarray(start, start + length)).split('\0')[0];
  const found = new Map<string, Uint8Array>();
  let at = 0;
  while (at + BLOCK <= archive.length && archive[at] !== 0) {
    const size = Number.parseInt(text(at + 124, 12), 8);
    if (Number.parseInt(text(at + 148, 8), 8) !== checksum(archive, at) || !(size >= 0)) {
      throw damaged(file, at, 'no header of a tar archive (unpacked)', { expected: 'its checksum', got: 'another' });
    }
    const start = at + BLOCK;
    if (start + size > archive.length) {
      throw damaged(file, archive.length, 'the archive is cut off (unpacked)', {
        expected: `${start + size} bytes`,
        got: `${archive.length} bytes`,
      });
    }
    const isFile = archive[at + 156] === 0 || archive[at + 156] === 0x30;
    const name = basename(text(at, 100));
    if (isFile && wanted.includes(name)) found.set(name, archive.subarray(start, start + size));
    at = start + Math.ceil(size / BLOCK) * BLOCK;
  }
  const lacking = wanted.filter((name) => !found.has(name));
  if (lacking.length === 0) return found;
  throw damaged(file, Math.min(at, archive.length), 'files are missing from the archive (unpacked)', {
    expected: wanted.join(', '),
    got: `no ${lacking.join(', ')}`,
  });
}

/** The sum of the bytes of a header, those of the sum itself taken as spaces. */
function checksum(archive: Uint8Array, at: number): number {
  let sum = 0;
  for (let i = 0; i < BLOCK; i++) sum += i >= 148 && i < 156 ? 0x20 : archive[at + i];
  return sum;
}
