import { existsSync } from 'node:fs';
import { mkdir, open, readlink, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { EdgesweepError } from '../../shared/mod.ts';
import { orDiskError, systemCode } from './disk-error.ts';

let written = 0;

/** Name of the file beside `path` that its new content is collected in: of one process and one write. */
export const temporaryPath = (path: string): string => {
  written += 1;
  return join(dirname(path), `.${basename(path)}.${process.pid}-${written}.tmp`);
};

/** Is `name` what a killed `writeFileAtomically` of one of `targets` left behind? */
export const isLeftover = (name: string, targets: readonly string[]): boolean =>
  targets.some((target) => name.startsWith(`.${target}.`) && /\.\d+-\d+\.tmp$/.test(name));

/** Makes names created, renamed or removed in the directory durable. */
export async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } catch (error) {
    // Some network and user-space file systems have no such operation: there is nothing more to be had from them.
    if (!['EINVAL', 'ENOTSUP', 'ENOSYS'].includes(systemCode(error) ?? '')) throw error;
  } finally {
    await handle.close();
  }
}

/**
 * Creates the directory and its missing parents, durably: an acknowledged outcome must not vanish with its folder. Step by
 * step, since Node's recursive mkdir calls a read-only file system ENOENT.
 */
export async function makeDirectory(directory: string): Promise<void> {
  const target = resolve(directory);
  try {
    await mkdir(target);
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return requireTarget(target);
    if (systemCode(error) !== 'ENOENT' || dirname(target) === target) throw error;
    await makeDirectory(dirname(target));
    await mkdir(target);
  }
  await syncDirectory(dirname(target));
}

/** @throws DISK for a link that leads nowhere, which is there and is no directory */
async function requireTarget(path: string): Promise<void> {
  if (existsSync(path)) return;
  throw new EdgesweepError('DISK', 'cannot create the directory', {
    where: path,
    expected: 'a directory, or a path where one can be created',
    got: `a symbolic link to ${await readlink(path)}, which does not exist`,
    fix: 'create the target of the link, remove the link, or choose another directory',
  });
}

/**
 * Replaces the content of the file, or leaves it as it was: at no moment, not even after a power cut, does `path` hold half of it.
 * @param mode of the file, less what the umask takes
 * @throws DISK
 */
export async function writeFileAtomically(
  path: string,
  content: string | Uint8Array | AsyncIterable<string>,
  mode = 0o666,
): Promise<void> {
  const temporary = temporaryPath(path);
  await orDiskError(`cannot write ${basename(path)}`, path, async () => {
    try {
      const handle = await open(temporary, 'wx', mode);
      try {
        await writeFile(handle, content);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(temporary, path);
    } catch (error) {
      // The first error is the one to report; the leftover, if it stays, is removed by the next opening.
      await rm(temporary, { force: true }).catch(() => {});
      throw error;
    }
    await syncDirectory(dirname(path));
  });
}
