import { existsSync } from 'node:fs';
import { open, readFile, rm } from 'node:fs/promises';
import { z } from 'zod';
import { lazily, type Parsed } from '../../shared/mod.ts';
import { syncDirectory, writeFileAtomically } from './atomic-write.ts';
import { orDiskError } from './disk-error.ts';
import { journalPath, mergingPath } from './layout.ts';
import { type Manifest, manifestSchema, readManifest, writeManifest } from './manifest.ts';

/**
 * Tells the journal that a merge writes from the one that it replaces: by its size and its last line. Those that have both in common are the
 * same, since a merge only adds lines at the end, or leaves lines out.
 */
const markSchema = lazily(() => z.strictObject({ bytes: z.int().nonnegative(), lastLine: z.string() }));
export type JournalMark = Parsed<typeof markSchema>;

const mergingSchema = lazily(() => z.strictObject({ journal: markSchema(), manifest: manifestSchema() }));

/**
 * Says what the manifest will be once the journal is the one that is described. No file system replaces two files at once, and a journal
 * without its manifest would pass for what was computed in the directory. @throws DISK
 */
export const announceManifest = (directory: string, journal: JournalMark, manifest: Manifest): Promise<void> =>
  writeFileAtomically(mergingPath(directory), `${JSON.stringify({ journal, manifest })}\n`);

/**
 * Ends what `announceManifest` began, also in place of a merge that was killed: where the journal is the one that was described, the manifest
 * becomes the one that was announced. The directory has to be locked. @throws DISK
 */
export async function settleManifest(directory: string): Promise<void> {
  const path = mergingPath(directory);
  if (!existsSync(path)) return;
  const merging = await readMerging(path);
  if (merging !== undefined && (await isThere(directory, merging.journal))) {
    await writeManifest(directory, merging.manifest);
  }
  await orDiskError('cannot remove a file of a merge', path, async () => {
    await rm(path);
    await syncDirectory(directory);
  });
}

/**
 * What the manifest becomes once it is settled, for readers that write nothing: a merge that was killed may have left the journal with its new
 * lines and the former manifest. @throws DIRECTORY_UNREADABLE
 */
export async function readSettledManifest(directory: string): Promise<Manifest> {
  const merging = await readMerging(mergingPath(directory));
  return merging !== undefined && (await isThere(directory, merging.journal))
    ? merging.manifest
    : readManifest(directory);
}

/** Undefined where it is missing or was damaged: then what it says is lost, and no outcome. */
async function readMerging(path: string) {
  try {
    return mergingSchema().parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return undefined;
  }
}

/** Is that the journal of the directory? */
async function isThere(directory: string, { bytes, lastLine }: JournalMark): Promise<boolean> {
  const journal = await open(journalPath(directory)).catch(() => undefined);
  if (journal === undefined) return false;
  try {
    const expected = Buffer.from(bytes === 0 ? '' : `${lastLine}\n`);
    if ((await journal.stat()).size !== bytes || expected.length > bytes) return false;
    const end = Buffer.alloc(expected.length);
    await journal.read(end, 0, end.length, bytes - end.length);
    return end.equals(expected);
  } finally {
    await journal.close();
  }
}
