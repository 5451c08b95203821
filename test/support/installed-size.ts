import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

export type InstalledSize = { megabytes: number; folders: number; largest: { name: string; megabytes: number }[] };

/** Megabytes (10^6 bytes) of all files of the packages in a folder, and the largest of these. */
export function installedSize(root: string): InstalledSize {
  const modules = join(root, 'node_modules');
  const names = readdirSync(modules).filter((name) => !name.startsWith('.'));
  const sizes = names.map((name) => ({ name, megabytes: bytesIn(join(modules, name)) / 1e6 }));
  return {
    megabytes: sizes.reduce((sum, { megabytes }) => sum + megabytes, 0),
    folders: names.length,
    largest: sizes.sort((a, b) => b.megabytes - a.megabytes).slice(0, 8),
  };
}

const bytesIn = (folder: string): number =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
