import { lstatSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { EdgesweepError, messageOf } from '../../shared/mod.ts';

export const scratchOption = {
  type: 'string',
  requiresArg: true,
  describe: "folder for checkpoints of long tasks  [edgesweep-UID in the system's temporary directory]",
} as const;

/** What nobody has gone on with for so long is removed. */
const KEPT_DAYS = 30;

/**
 * The folder, made where it is missing, for this user only: whoever may write there may change what a task continues from.
 * @throws EdgesweepError DISK
 */
export function scratchFolder(flag: string | undefined): string {
  const uid = process.getuid?.();
  const folder = flag === undefined ? join(tmpdir(), `edgesweep-${uid ?? 'scratch'}`) : resolve(flag);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const { uid: owner, mode } = lstatSync(folder);
    // anybody may have made the folder of this name in a temporary directory; one that is named is the user's own business
    if (flag === undefined && (owner !== uid || (mode & 0o022) !== 0)) throw new Error('other users may write to it');
    const probe = join(folder, `.probe-${process.pid}`);
    writeFileSync(probe, '');
    rmSync(probe);
    removeOld(folder);
  } catch (cause) {
    throw new EdgesweepError('DISK', 'cannot use the scratch folder', {
      where: folder,
      expected: 'a folder that only this user may write to',
      got: messageOf(cause),
      fix: 'name another one with --scratch, or fix its permissions',
      cause,
    });
  }
  return folder;
}

/** Checkpoints of tasks that ended on other machines, or that nobody wants any more. */
function removeOld(folder: string): void {
  const before = Date.now() - KEPT_DAYS * 24 * 3600 * 1000;
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const path = join(folder, name);
    if (!/\.(checkpoint(\.before|\.part)?|program(\.part)?|log)$/.test(name)) continue;
    // another node may have removed it
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats !== undefined && stats.mtimeMs < before) rmSync(path, { recursive: true, force: true });
  }
}
