import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the package. Files are built into a folder of their own, so it is looked for upward. */
export function packageRoot(): string {
  let directory = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(directory, 'package.json'))) directory = dirname(directory);
  return directory;
}

/**
 * A file of the package as a user of any installation can open it: relative to the folder of the process where it lies below it.
 * @param path below the folder of the package, such as deploy/permissions.conf
 */
export function packagedFile(path: string): string {
  const file = join(packageRoot(), path);
  const short = relative(process.cwd(), file);
  return short.startsWith('..') ? file : short;
}

type Facts = { version: string; peerDependencies: Record<string, string> };
let facts: Facts | undefined;

function packageFacts(): Facts {
  // a file of our own, and `--version` has no time to load what validates others
  facts ??= JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as Facts;
  return facts;
}

/** Version of edgesweep, as in package.json. */
export const softwareVersion = (): string => packageFacts().version;

/** The command that installs optional peers of the package where it looks for them, in the versions that it is tested with. */
export function npmInstallLine(names: readonly string[]): string {
  const { peerDependencies } = packageFacts();
  // where `npm install --global` puts packages
  const isGlobal = /[\\/]lib[\\/]node_modules[\\/]edgesweep$/.test(packageRoot());
  return [
    'npm install',
    ...(isGlobal ? ['--global'] : []),
    ...names.map((name) => `${name}@${peerDependencies[name]}`),
  ].join(' ');
}
