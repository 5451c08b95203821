import { closeSync, openSync } from 'node:fs';
import { relative } from 'node:path';
import { controlPath } from '../directory/mod.ts';

/** Bytes of a socket's path that the system takes: 108 on Linux, 104 on macOS and the BSDs, with the zero at the end. */
const MOST_BYTES = process.platform === 'linux' ? 107 : 103;

export type SocketPath = {
  path: string;
  /** Lets go of what makes a long path short. */
  release(): void;
};

/** A path of the directory's socket that is short enough for the system. Where there is none, a longer one, which the system refuses. */
export function socketPath(directory: string): SocketPath {
  const whole = controlPath(directory);
  const short = [whole, relative('', whole)].find((path) => Buffer.byteLength(path) <= MOST_BYTES);
  if (short !== undefined || process.platform !== 'linux') return { path: short ?? whole, release() {} };
  const descriptor = openSync(directory, 'r');
  return { path: controlPath(`/proc/self/fd/${descriptor}`), release: () => closeSync(descriptor) };
}
