import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import { EdgesweepError, messageOf } from '../errors.ts';
import { nearest } from '../nearest.ts';
import { listShippedSweeps, shippedPath } from './shipped.ts';

const MAX_BYTES = 1 << 20;

/** A name of a shipped sweep has no folder but `extra` and `frontier`, and none of the endings of sweep files. */
const BARE_NAME = /^(?!.*\.(ya?ml|json)$)((extra|frontier)\/)?[A-Za-z0-9][A-Za-z0-9._-]*$/;

/**
 * The text of a sweep file, given by its path or, for a sweep that comes with the package, by its bare name.
 * @throws EdgesweepError SWEEP_NOT_FOUND where nothing can be read, SWEEP_INVALID for too large a file or no UTF-8
 */
export function readSweep(path: string): { file: string; text: string } {
  // a folder of that name, of results perhaps, is not what was meant
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? true;
  const shipped = isFolder && BARE_NAME.test(path) ? shippedPath(path) : path;
  const file = existsSync(shipped) ? shipped : path;
  if (!existsSync(file)) throw notFound(path);
  const bytes = readBounded(file);
  if (bytes.length > MAX_BYTES) {
    throw new EdgesweepError('SWEEP_INVALID', 'the sweep file is too large', {
      where: file,
      expected: 'at most 1 MiB',
      got: 'more',
      fix: 'write ranges such as {from: 1, to: 1000, step: 1} instead of long lists',
    });
  }
  try {
    return { file, text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch (cause) {
    const details = { where: file, expected: 'UTF-8', got: 'other bytes', fix: 'save the file as UTF-8', cause };
    throw new EdgesweepError('SWEEP_INVALID', 'the sweep file is not a text file', details);
  }
}

/** Reads one byte more than allowed at most, so that neither a huge file nor an endless device fills the memory. */
function readBounded(file: string): Buffer {
  const buffer = Buffer.alloc(MAX_BYTES + 1);
  let length = 0;
  try {
    const descriptor = openSync(file, 'r');
    try {
      for (;;) {
        const read = readSync(descriptor, buffer, length, buffer.length - length, null);
        length += read;
        if (read === 0 || length === buffer.length) return buffer.subarray(0, length);
      }
    } finally {
      closeSync(descriptor);
    }
  } catch (cause) {
    const got = messageOf(cause);
    const details = { where: file, expected: 'a readable file', got, fix: 'check the path and its permissions', cause };
    throw new EdgesweepError('SWEEP_NOT_FOUND', 'the sweep file cannot be read', details);
  }
}

function notFound(path: string): EdgesweepError {
  const shipped = listShippedSweeps();
  const meant = nearest(path, shipped);
  return new EdgesweepError('SWEEP_NOT_FOUND', `no sweep \`${path}\``, {
    where: path,
    expected: `a sweep file, or one of the shipped sweeps: ${shipped.join(', ')}`,
    got: 'no such file',
    fix: meant === undefined ? 'check the path' : `did you mean \`${meant}\`?`,
  });
}
