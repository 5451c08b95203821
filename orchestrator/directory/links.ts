import { readlinkSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { EdgesweepError } from '../../shared/mod.ts';
import { systemCode } from './disk-error.ts';
import { OURS } from './layout.ts';

/** @param path a symbolic link where a file or folder of ours should be */
export function linkError(path: string): EdgesweepError {
  return new EdgesweepError('DIRECTORY_UNREADABLE', 'a file of the sweep directory is a symbolic link', {
    where: path,
    expected: 'a file or folder of its own: a link would let a run change files elsewhere',
    got: `a link to ${readlinkSync(path)}`,
    fix: 'replace the link with a copy, or choose another directory with --out',
  });
}

/** Writes nothing, and follows nothing; a missing directory has no links. @throws DIRECTORY_UNREADABLE */
export async function refuseLinks(directory: string): Promise<void> {
  const entries = await readdir(directory, { withFileTypes: true }).catch((error: unknown) => {
    if (systemCode(error) === undefined) throw error;
    return [];
  });
  const link = entries.find((entry) => entry.isSymbolicLink() && OURS.includes(entry.name));
  if (link !== undefined) throw linkError(join(directory, link.name));
}
