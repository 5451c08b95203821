import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { npmError, npmMissing } from './errors.ts';
import { type NpmPackage, specOf } from './package.ts';

/** Between two looks at how much npm has received, in milliseconds. */
const LOOK_MS = 250;

export type PackOptions = {
  signal: AbortSignal | undefined;
  onProgress(file: string, done: number, total: number | undefined): void;
};

/**
 * Downloads the archive of a package by `npm pack`, so that npm's registry, proxies and credentials hold. npm checks it against the
 * registry's checksum. Nothing of the package is installed or run.
 *
 * npm gets a cache within the folder: its growth tells how far the download is, and no second copy stays in the user's own cache.
 *
 * @returns the archive
 * @throws EdgesweepError DATA_UNREACHABLE, DATA_DIFFERS, DISK; the signal's reason
 */
export async function npmPack(
  source: NpmPackage,
  folder: string,
  { signal, onProgress }: PackOptions,
): Promise<string> {
  const [cache, archives] = [join(folder, 'cache'), join(folder, 'archive')];
  for (const made of [cache, archives]) mkdirSync(made, { recursive: true });
  const words = ['pack', specOf(source), '--pack-destination', archives, '--cache', cache];
  const timer = setInterval(() => onProgress(specOf(source), bytesIn(cache), source.bytes), LOOK_MS);
  try {
    const { code, stderr } = await runNpm([...words, '--ignore-scripts', '--loglevel=error'], signal);
    signal?.throwIfAborted();
    const [archive] = readdirSync(archives);
    if (code !== 0 || archive === undefined) throw npmError(specOf(source), stderr, folder);
    return join(archives, archive);
  } finally {
    clearInterval(timer);
  }
}

function runNpm(words: readonly string[], signal: AbortSignal | undefined) {
  return new Promise<{ code: number | null; stderr: string }>((resolve, reject) => {
    const child = spawn('npm', words, { stdio: ['ignore', 'ignore', 'pipe'], signal });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') reject(npmMissing(error));
      // stopped by the signal: it has ended when its streams are closed
      else if (error.name !== 'AbortError') reject(error);
    });
    child.once('close', (code) => resolve({ code, stderr }));
  });
}

/** npm moves files while they are counted. */
function bytesIn(folder: string): number {
  let bytes = 0;
  try {
    for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      const stat = statSync(join(folder, name), { throwIfNoEntry: false });
      if (stat?.isFile()) bytes += stat.size;
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  return bytes;
}
