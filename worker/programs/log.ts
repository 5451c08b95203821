import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';

/** Bytes of a log's beginning, and of its end, that errors carry. */
const HEAD = 16 * 1024;
const TAIL = 48 * 1024;

/** The log of a process that does many tasks: what it wrote since the last look is the current task's. */
export type ProcessLog = { descriptor: number; copyTo(log: number): void; close(): void };

export function processLog(path: string): ProcessLog {
  const descriptor = openSync(path, 'a+');
  let done = 0;
  return {
    descriptor,
    copyTo(log) {
      const { size } = fstatSync(descriptor);
      const buffer = Buffer.allocUnsafe(Math.min(Math.max(size - done, 0), 1 << 20));
      while (done < size) {
        const read = readSync(descriptor, buffer, 0, Math.min(buffer.length, size - done), done);
        if (read === 0) return;
        writeSync(log, buffer, 0, read);
        done += read;
      }
    },
    close: () => closeSync(descriptor),
  };
}

/** Beginning and end of a log; what was left out between them is counted. */
export function headAndTail(log: number): string {
  const { size } = fstatSync(log);
  const part = (from: number, bytes: number): string => {
    const buffer = Buffer.alloc(bytes);
    return buffer.subarray(0, readSync(log, buffer, 0, bytes, from)).toString('utf8');
  };
  if (size <= HEAD + TAIL) return part(0, size);
  return `${part(0, HEAD)}\n... ${size - HEAD - TAIL} bytes more ...\n${part(size - TAIL, TAIL)}`;
}
