import { createReadStream } from 'node:fs';
import { type FileHandle, stat } from 'node:fs/promises';

const NEWLINE = 0x0a;
const CHUNK_BYTES = 1 << 18;

/** An outcome takes about a kilobyte: what is longer than this is none, and need not be held in memory to know it. */
export const MAX_LINE_BYTES = 1 << 20;

/** A line without its newline; `number` counts from 1. Of a line over MAX_LINE_BYTES only the beginning is kept. */
export type Line = { number: number; bytes: Buffer };

/**
 * The lines that end in a newline, some at a time, of the file as long as it is now: what a writer appends meanwhile is
 * left out, and so is a last line that it has not finished, or never will.
 */
export async function* readLines(path: string): AsyncGenerator<Line[]> {
  const { size } = await stat(path);
  if (size === 0) return;
  let number = 0;
  let unfinished: Buffer = Buffer.alloc(0);
  const chunks: AsyncIterable<Buffer> = createReadStream(path, { end: size - 1, highWaterMark: CHUNK_BYTES });
  for await (const chunk of chunks) {
    const lines: Line[] = [];
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      const bytes = chunk.subarray(start, end);
      number += 1;
      lines.push({ number, bytes: start === 0 ? Buffer.concat([unfinished, bytes]) : bytes });
      start = end + 1;
    }
    const rest = chunk.subarray(start);
    unfinished = (start === 0 ? Buffer.concat([unfinished, rest]) : rest).subarray(0, MAX_LINE_BYTES + 1);
    yield lines;
  }
}

/** How many of the file's first `size` bytes are finished lines: up to and with the last newline. */
export async function endOfLastLine(file: Pick<FileHandle, 'read'>, size: number): Promise<number> {
  const buffer = Buffer.alloc(CHUNK_BYTES);
  for (let end = size; end > 0; ) {
    const start = Math.max(0, end - CHUNK_BYTES);
    const { bytesRead } = await file.read(buffer, 0, end - start, start);
    const newline = buffer.subarray(0, bytesRead).lastIndexOf(NEWLINE);
    if (newline !== -1) return start + newline + 1;
    end = start;
  }
  return 0;
}
