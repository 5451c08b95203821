import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the package. Files are built into a folder of their own, so it is looked for upward. */
export function packageRoot(): string {
  let directory = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(directory, 'package.json'))) directory = dirname(directory);
  return directory;
}

let version: string | undefined;

/** Version of edgesweep, as in package.json. */
export function softwareVersion(): string {
  if (version === undefined) {
    const text = readFileSync(join(packageRoot(), 'package.json'), 'utf8');
    // a file of our own, and `--version` has no time to load what validates others
    version = (JSON.parse(text) as { version: string }).version;
  }
  return version;
}
