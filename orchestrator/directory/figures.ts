import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { orDiskError } from './disk-error.ts';
import { FIGURES } from './layout.ts';

/** What figures are written as; the files end so. */
export const FIGURE_FORMATS = ['svg', 'png', 'vl.json'] as const;

export const figurePath = (directory: string, format: (typeof FIGURE_FORMATS)[number]): string =>
  join(directory, `${FIGURES}.${format}`);

/**
 * Removes the figures of a directory whose sweep or outcomes are about to change.
 * @returns the names of those that were there
 * @throws DISK
 */
export async function removeFigures(directory: string): Promise<string[]> {
  const paths = FIGURE_FORMATS.map((format) => figurePath(directory, format)).filter((path) => existsSync(path));
  await orDiskError('cannot remove an outdated figure', directory, async () => {
    for (const path of paths) await rm(path, { force: true });
  });
  return paths.map((path) => basename(path));
}
