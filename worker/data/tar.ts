import { posix } from 'node:path';
import { damaged } from './errors.ts';

const BLOCK = 512;

/** Where the fields of a header are: start and length. POSIX.1-1988 (ustar). */
const NAME = [0, 100] as const;
const SIZE = [124, 12] as const;
const CHECKSUM = [148, 8] as const;
const TYPE = 156;
const PREFIX = [345, 155] as const;

const FILES = ['0', '\0'];
const FOLDER = '5';
/** Headers before a header, with times and long names: of no use here. */
const EXTENSIONS = ['x', 'g', 'L'];

export type TarFile = { name: string; bytes: number };

/**
 * The contents of the wanted files of a tar archive in memory, by their names without folders. Ours, since threads read without
 * waiting, and since an error says at which byte.
 *
 * Nothing is written here, and callers write to names of their own; all the same an archive with a way out of its folder, or with a
 * link, was made to do harm and is refused as a whole.
 *
 * @param optional files that an archive may lack
 * @throws EdgesweepError DATA_DAMAGED
 */
export function readTar(
  archive: Uint8Array,
  file: string,
  wanted: readonly TarFile[],
  optional: readonly TarFile[] = [],
): Map<string, Uint8Array> {
  const text = (at: number, [start, length]: readonly [number, number]) =>
    new TextDecoder('latin1').decode(archive.subarray(at + start, at + start + length)).split('\0')[0];
  const found = new Map<string, Uint8Array>();
  let at = 0;
  while (at + BLOCK <= archive.length && archive[at] !== 0) {
    const size = Number.parseInt(text(at, SIZE), 8);
    if (Number.parseInt(text(at, CHECKSUM), 8) !== checksum(archive, at) || !(size >= 0)) {
      throw damaged(file, at, 'not a tar header (unpacked)', { expected: 'its checksum', got: 'another' });
    }
    const path = posix.join(text(at, PREFIX), text(at, NAME));
    requireHarmless(path, String.fromCharCode(archive[at + TYPE]), file, at);
    const start = at + BLOCK;
    if (start + size > archive.length) {
      throw damaged(file, archive.length, 'the archive is truncated (unpacked)', {
        expected: `${start + size} bytes`,
        got: `${archive.length} bytes`,
      });
    }
    const known = [...wanted, ...optional].find(({ name }) => name === posix.basename(path));
    if (known !== undefined && FILES.includes(String.fromCharCode(archive[at + TYPE]))) {
      if (size > known.bytes) {
        const expected = `at most ${known.bytes} bytes`;
        throw damaged(file, at, `${path} is too long (unpacked)`, { expected, got: `${size} bytes` });
      }
      found.set(known.name, archive.subarray(start, start + size));
    }
    at = start + Math.ceil(size / BLOCK) * BLOCK;
  }
  const lacking = wanted.filter(({ name }) => !found.has(name));
  if (lacking.length === 0) return found;
  throw damaged(file, Math.min(at, archive.length), 'files are missing from the archive (unpacked)', {
    expected: wanted.map(({ name }) => name).join(', '),
    got: `no ${lacking.map(({ name }) => name).join(', ')}`,
  });
}

function requireHarmless(path: string, type: string, file: string, at: number): void {
  if (posix.isAbsolute(path) || path.split('/').includes('..')) {
    const expected = 'names within a folder';
    throw damaged(file, at, 'the archive has a path outside its folder (unpacked)', { expected, got: path });
  }
  if (type === FOLDER || [...FILES, ...EXTENSIONS].includes(type)) return;
  const what = ['1', '2'].includes(type) ? 'a link' : 'something that is no file';
  throw damaged(file, at, `the archive has ${what} (unpacked)`, { expected: 'files and folders', got: path });
}

/** The sum of the bytes of a header, those of the sum itself taken as spaces. */
function checksum(archive: Uint8Array, at: number): number {
  const [start, length] = CHECKSUM;
  let sum = 0;
  for (let i = 0; i < BLOCK; i++) sum += i >= start && i < start + length ? 0x20 : archive[at + i];
  return sum;
}
