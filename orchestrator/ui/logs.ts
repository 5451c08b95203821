import { constants } from 'node:fs';
import { lstat, open } from 'node:fs/promises';
import { stripVTControlCharacters } from 'node:util';
import { visible } from '../../shared/mod.ts';

/** Bytes of a log that are shown. */
const LOG_BYTES = 1 << 16;

/** A log as a terminal shows it in the end: without colours, and of a line that was written over only what came last. */
export function logText(text: string): string {
  const lines = stripVTControlCharacters(text).replace(/\r+(?=\n|$)/g, '');
  return visible(lines.replace(/[^\n]*\r/g, ''));
}

/** No link is followed: a directory from elsewhere could have one to any file. @returns null where there is no log */
export async function endOfLog(path: string): Promise<string | null> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW).catch(() => undefined);
  if (file === undefined) return null;
  try {
    const { size } = await file.stat();
    const length = Math.min(size, LOG_BYTES);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, size - length);
    const text = logText(buffer.toString('utf8', 0, bytesRead));
    return length < size ? `[the last ${LOG_BYTES / 1024} kB of ${Math.ceil(size / 1024)} kB]\n${text}` : text;
  } finally {
    await file.close();
  }
}

export const isLog = async (path: string): Promise<boolean> =>
  lstat(path).then(
    (found) => found.isFile(),
    () => false,
  );
