import { closeSync, fstatSync, mkdirSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** Bytes of a log's beginning, and of its end, that errors carry. */
const HEAD = 16 * 1024;
const TAIL = 48 * 1024;

/** The log of a process that does many tasks: what it wrote since the last look is the current task's. */
export type ProcessLog = { descriptor: number; copyTo(log: TaskLog): void; close(): void };

/** The log of a task, made when something is written: what its tries wrote, one after another. */
export class TaskLog {
  readonly #path: string;
  #descriptor: number | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  /** @throws what making the file throws */
  get descriptor(): number {
    if (this.#descriptor === undefined) {
      mkdirSync(dirname(this.#path), { recursive: true });
      this.#descriptor = openSync(this.#path, 'a+');
    }
    return this.#descriptor;
  }

  headAndTail(): string {
    return this.#descriptor === undefined ? '' : headAndTail(this.#descriptor);
  }

  /** An empty one is removed. */
  close(): void {
    if (this.#descriptor === undefined) return;
    const isEmpty = fstatSync(this.#descriptor).size === 0;
    closeSync(this.#descriptor);
    if (isEmpty) rmSync(this.#path, { force: true });
  }
}

export function processLog(path: string): ProcessLog {
  const descriptor = openSync(path, 'a+');
  let done = 0;
  return {
    descriptor,
    copyTo(log) {
      const { size } = fstatSync(descriptor);
      if (done >= size) return;
      const buffer = Buffer.allocUnsafe(Math.min(size - done, 1 << 20));
      while (done < size) {
        const read = readSync(descriptor, buffer, 0, Math.min(buffer.length, size - done), done);
        if (read === 0) return;
        writeSync(log.descriptor, buffer, 0, read);
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
