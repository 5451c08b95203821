import { lstatSync, rmSync } from 'node:fs';

/**
 * Removes the socket that a killed run left behind. Called under the lock, so that no run listens on it.
 * @returns whether the path is free now: what is no socket stays
 */
export function removeSocket(path: string): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return true;
  if (!found.isSocket()) return false;
  rmSync(path, { force: true });
  return true;
}
