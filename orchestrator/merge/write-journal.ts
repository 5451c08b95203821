import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { type JournalMark, journalPath, orDiskError, syncDirectory, temporaryPath } from '../directory/mod.ts';

/** So much is written at once. */
const GROUP_BYTES = 1 << 20;

const NEWLINE = Buffer.from('\n');

/** A journal that takes the place of a directory's all at once, and on the disk. */
export type NewJournal = {
  /** @param line without its newline @returns whether it is time to `flush` */
  add(line: Uint8Array): 'full' | 'more';
  /** Writes what was added, which must not change before. @throws DISK */
  flush(): Promise<void>;
  /** Puts all that was added on the disk. @throws DISK */
  finish(): Promise<JournalMark>;
  /** Puts what is finished in its place. @throws DISK */
  commit(): Promise<void>;
  /** Removes what is not committed. */
  close(): Promise<void>;
};

/** @throws DISK */
export async function writeJournal(directory: string): Promise<NewJournal> {
  const path = journalPath(directory);
  const temporary = temporaryPath(path);
  const orError = <T>(action: () => Promise<T>) => orDiskError('cannot write the journal', path, action);
  let file: FileHandle | undefined = await orError(() => open(temporary, 'wx'));
  let group: Uint8Array[] = [];
  let bytes = 0;
  const mark: JournalMark = { bytes: 0, lastLine: '' };
  const flush = async () => {
    await file!.writeFile(Buffer.concat(group));
    mark.bytes += bytes;
    const last = group.at(-2);
    if (last !== undefined) mark.lastLine = Buffer.from(last).toString('utf8');
    group = [];
    bytes = 0;
  };
  const close = async () => {
    await file?.close();
    if (file !== undefined) await rm(temporary, { force: true });
    file = undefined;
  };
  return {
    add(line) {
      group.push(line, NEWLINE);
      bytes += line.length + 1;
      return bytes >= GROUP_BYTES ? 'full' : 'more';
    },
    flush: () => orError(flush),
    finish: () =>
      orError(async () => {
        await flush();
        await file!.sync();
        return mark;
      }),
    commit: () =>
      orError(async () => {
        await file!.close();
        await rename(temporary, path);
        file = undefined;
        await syncDirectory(directory);
      }),
    close,
  };
}
