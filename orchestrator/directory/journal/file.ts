import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { syncDirectory } from '../atomic-write.ts';
import { orDiskError, systemCode } from '../disk-error.ts';
import { journalPath } from '../layout.ts';
import { linkError } from '../links.ts';
import { lockJournal } from '../lock.ts';
import { Journal } from './journal.ts';
import { endOfLastLine } from './lines.ts';

const { O_RDWR, O_CREAT, O_NOFOLLOW } = constants;

/**
 * Opens the journal for writing, and makes it where it is missing. Its descriptor is locked besides the directory: a second writer is kept out
 * also where somebody deleted the lock file, or gave the journal a second name. No link is followed.
 * @throws DIRECTORY_LOCKED, DIRECTORY_UNREADABLE, DISK
 */
export async function openJournalFile(directory: string): Promise<FileHandle> {
  const path = journalPath(directory);
  const file = await orDiskError('cannot open the journal', path, () =>
    open(path, O_RDWR | O_CREAT | O_NOFOLLOW).catch((error: unknown) => {
      throw systemCode(error) === 'ELOOP' ? linkError(path) : error;
    }),
  );
  try {
    lockJournal(directory, file);
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** Writes after the finished lines of the file; a last line that is not finished is cut off. @throws DISK */
export async function journalOf(directory: string, file: FileHandle): Promise<Journal> {
  return new Journal(file, journalPath(directory), await endJournal(directory, file));
}

/** @returns the bytes of the finished lines, which are on the disk */
function endJournal(directory: string, file: FileHandle): Promise<number> {
  return orDiskError('cannot open the journal', journalPath(directory), async () => {
    const { size } = await file.stat();
    const end = await endOfLastLine(file, size);
    if (end < size) await file.truncate(end);
    await file.sync();
    await syncDirectory(directory);
    return end;
  });
}
