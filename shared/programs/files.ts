import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalize } from '../canonical.ts';
import type { ProgramFile } from '../experiments/program.ts';

/** Files of one program, at most: their names are on a cluster's list of sweeps. */
export const MOST_FILES = 200;
/** Letters of a file's path, at most. */
export const LONGEST_PATH = 200;

/** One name for paths and contents: SHA-256 of the canonical JSON of the list, sorted by path. */
export const filesDigest = (files: readonly ProgramFile[]): string =>
  createHash('sha256')
    .update(canonicalize(byPath(files)))
    .digest('hex');

export const byPath = (files: readonly ProgramFile[]): ProgramFile[] =>
  files.map(({ path, sha256 }) => ({ path, sha256 })).sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));

/** A path that stays below its folder: no absolute one, no `..`. */
export const isInside = (path: string): boolean =>
  !/^([/\\]|[A-Za-z]:)/.test(path) && !path.split(/[/\\]/).includes('..') && !path.includes('\0');

/** Is there a regular file? Any word of a command may be asked about, also one that can be no path. */
export function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** @throws what reading the file throws, and for what is no file */
export function hashFile(folder: string, path: string): ProgramFile {
  const file = join(folder, path);
  // reading a pipe may never end
  if (!statSync(file).isFile()) throw new Error('not a regular file');
  return { path, sha256: createHash('sha256').update(readFileSync(file)).digest('hex') };
}

/**
 * The files that a pattern means: `*` and `?` within a name, `**` for any folders. Hidden ones only where the pattern names them.
 * @returns paths from the folder, with "/", sorted
 */
export function matchFiles(folder: string, pattern: string): string[] {
  const parts = pattern.split('/').filter((part) => part !== '' && part !== '.');
  const found = new Set<string>();
  const visit = (at: string, rest: readonly string[]): void => {
    const [part, ...after] = rest;
    const path = (name: string) => (at === '' ? name : `${at}/${name}`);
    if (!/[*?]/.test(part)) {
      const stats = statSync(join(folder, path(part)), { throwIfNoEntry: false });
      if (after.length === 0 ? stats?.isFile() : stats?.isDirectory()) {
        if (after.length === 0) found.add(path(part));
        else visit(path(part), after);
      }
      return;
    }
    if (part === '**' && after.length > 0) visit(at, after);
    const matches = part === '**' ? () => true : matcher(part);
    for (const entry of readdirSync(join(folder, at), { withFileTypes: true })) {
      const { name } = entry;
      if ((name.startsWith('.') && !part.startsWith('.')) || !matches(name)) continue;
      const stats = entry.isSymbolicLink() ? statSync(join(folder, path(name)), { throwIfNoEntry: false }) : entry;
      if (stats?.isDirectory()) {
        // a link to a folder above would never end
        if (part === '**' && !entry.isSymbolicLink()) visit(path(name), rest);
        else if (part !== '**' && after.length > 0) visit(path(name), after);
      } else if (stats?.isFile() && after.length === 0) found.add(path(name));
    }
  };
  visit('', parts);
  return [...found].sort();
}

function matcher(part: string): (name: string) => boolean {
  const text = part
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  const expression = new RegExp(`^${text}$`, 's');
  return (name) => expression.test(name);
}
