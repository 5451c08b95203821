import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { sweepPath } from './layout.ts';

/** Is there a sweep in it? */
export const isSweepDirectory = (path: string): boolean => existsSync(sweepPath(path));

/** The sweep directories in a folder, usually `results`; none when there is no such folder. */
export function listSweepDirectories(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .map((name) => join(folder, name))
    .filter(isSweepDirectory);
}
