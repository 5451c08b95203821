import { type Dirent, readlinkSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { EdgesweepError } from '../../shared/mod.ts';
import { systemCode } from './disk-error.ts';
import { CONTROL_FILE, OURS } from './layout.ts';

/** @param path a symbolic link where a file or folder of ours should be */
export function linkError(path: string): EdgesweepError {
  return new EdgesweepError('DIRECTORY_UNREADABLE', 'a file of the sweep directory is a symbolic link', {
    where: path,
    expected: 'a file or folder of its own: a link would let a run change files elsewhere',
    got: `a link to ${readlinkSync(path)}`,
    fix: 'replace the link with a copy, or choose another directory with --out',
  });
}

/** A pipe would be read for ever, and so would some devices. */
const isOther = (entry: Dirent): boolean =>
  !entry.isFile() && !entry.isDirectory() && !(entry.isSocket() && entry.name === CONTROL_FILE);

/**
 * Refuses links in the place of files and folders of ours, and pipes, sockets and devices. Writes nothing, and follows nothing; a missing
 * directory has none.
 * @throws DIRECTORY_UNREADABLE
 */
export async function refuseLinks(directory: string): Promise<void> {
  const entries = await readdir(directory, { withFileTypes: true }).catch((error: unknown) => {
    if (systemCode(error) === undefined) throw error;
    return [];
  });
  const ours = entries.filter(({ name }) => OURS.includes(name));
  const link = ours.find((entry) => entry.isSymbolicLink());
  if (link !== undefined) throw linkError(join(directory, link.name));
  const other = ours.find(isOther);
  if (other === undefined) return;
  throw new EdgesweepError('DIRECTORY_UNREADABLE', 'a file of the sweep directory is no file', {
    where: join(directory, other.name),
    expected: 'a regular file or a folder',
    got: 'a pipe, a socket or a device',
    fix: 'move it elsewhere, or choose another directory',
  });
}
