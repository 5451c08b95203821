import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { isInside } from '../../shared/programs/files.ts';

/** A task's folder moves to another machine when it has no more than this, in bytes and in files. */
const LARGEST = 32 * 2 ** 20;
const MOST_FILES = 1000;

/** The header. The contents of the files follow in this order. */
const headSchema = z.object({
  task: z.string(),
  /** over all contents */
  sha256: z.string(),
  files: z.array(z.object({ path: z.string(), bytes: z.int().nonnegative() })).max(MOST_FILES),
});

type Entry = { path: string; bytes: number; mtimeMs: number };

function entriesOf(folder: string): Entry[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const full = join(entry.parentPath, entry.name);
      const { size, mtimeMs } = statSync(full);
      return { path: full.slice(folder.length + 1), bytes: size, mtimeMs };
    })
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Changes with the files of a folder; undefined where it is empty, missing or too large to move. */
export function stampOf(folder: string): string | undefined {
  try {
    const entries = entriesOf(folder);
    const bytes = entries.reduce((sum, entry) => sum + entry.bytes, 0);
    if (entries.length === 0 || entries.length > MOST_FILES || bytes > LARGEST) return undefined;
    return JSON.stringify(entries);
  } catch {
    // a program changes it meanwhile
    return undefined;
  }
}

/** The folder as one file. @throws what reading throws, while a program changes it */
export function packFolder(folder: string, task: string): Uint8Array {
  const files = entriesOf(folder).map(({ path }) => ({ path, content: readFileSync(join(folder, path)) }));
  const contents = Buffer.concat(files.map(({ content }) => content));
  const head = {
    task,
    sha256: createHash('sha256').update(contents).digest('hex'),
    files: files.map(({ path, content }) => ({ path, bytes: content.length })),
  };
  return Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), contents]);
}

/** Makes the folder from such a file, as a whole. @returns whether it was one of this task */
export function unpackFolder(folder: string, task: string, file: Uint8Array): boolean {
  const bytes = Buffer.from(file);
  const end = bytes.indexOf(10);
  let head: z.infer<typeof headSchema>;
  try {
    head = headSchema.parse(JSON.parse(bytes.toString('utf8', 0, end)));
  } catch {
    return false;
  }
  const contents = bytes.subarray(end + 1);
  const isWhole =
    head.task === task &&
    head.files.reduce((sum, one) => sum + one.bytes, 0) === contents.length &&
    createHash('sha256').update(contents).digest('hex') === head.sha256;
  if (!isWhole || !head.files.every(({ path }) => isInside(path))) return false;
  const part = `${folder}.part`;
  rmSync(part, { recursive: true, force: true });
  let from = 0;
  for (const { path, bytes: length } of head.files) {
    mkdirSync(dirname(join(part, path)), { recursive: true });
    writeFileSync(join(part, path), contents.subarray(from, from + length), { flag: 'wx' });
    from += length;
  }
  renameSync(part, folder);
  return true;
}
