import { constants, gunzipSync } from 'node:zlib';
import { messageOf } from '../../shared/mod.ts';
import { damaged } from './errors.ts';

/**
 * Unpacks a gzip file.
 * @param most bytes that it may hold, so that a small file cannot fill the memory
 * @throws EdgesweepError DATA_DAMAGED with the byte from which on it is no longer gzip, or at which it ends too soon
 */
export function gunzip(packed: Uint8Array, file: string, most: number): Uint8Array {
  try {
    return gunzipSync(packed, { maxOutputLength: most });
  } catch (cause) {
    const expected = 'a complete gzip file';
    const code = (cause as NodeJS.ErrnoException).code;
    if (code === 'ERR_BUFFER_TOO_LARGE') {
      throw damaged(file, packed.length, 'it is larger than such a file can be', {
        expected: `at most ${most} bytes when unpacked`,
        got: 'more',
        cause,
      });
    }
    if (code === 'Z_BUF_ERROR')
      throw damaged(file, packed.length, 'the gzip file is truncated', { expected, got: 'its end', cause });
    const got = messageOf(cause);
    throw damaged(file, firstBadByte(packed), 'the gzip file is damaged', { expected, got, cause });
  }
}

/** The number of bytes from the start that can be unpacked; found by halving, since zlib does not say where it stopped. */
function firstBadByte(packed: Uint8Array): number {
  let good = 0;
  let bad = packed.length;
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (isGood(packed.subarray(0, middle))) good = middle;
    else bad = middle;
  }
  return good;
}

function isGood(start: Uint8Array): boolean {
  try {
    gunzipSync(start, { finishFlush: constants.Z_SYNC_FLUSH });
    return true;
  } catch {
    return false;
  }
}
