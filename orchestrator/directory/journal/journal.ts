import type { FileHandle } from 'node:fs/promises';
import { EdgesweepError, type Outcome } from '../../../shared/mod.ts';
import { diskError } from '../disk-error.ts';
import { outcomeLine } from './outcome-line.ts';

/** What is written and fsynced together at most; more waits for the next turn. */
const GROUP_BYTES = 1 << 20;

export type JournalFile = Pick<FileHandle, 'write' | 'datasync' | 'truncate' | 'close'>;

type Waiting = { bytes: Buffer; resolve: () => void; reject: (error: unknown) => void };

/**
 * Writes outcomes after the finished lines of a journal file, one a line. Whatever arrives while one group is being
 * written and fsynced forms the next group, so the rate of outcomes is not bound to the rate of fsyncs. It holds only what
 * its callers wait for.
 */
export class Journal {
  readonly #file: JournalFile;
  readonly #path: string;
  /** bytes of finished, durable lines: the end of what was acknowledged */
  #size: number;
  #waiting: Waiting[] = [];
  #writing: Promise<void> | undefined;
  #broken: EdgesweepError | undefined;

  /** @param size where the next line goes: the end of the last finished line */
  constructor(file: JournalFile, path: string, size: number) {
    this.#file = file;
    this.#path = path;
    this.#size = size;
  }

  /**
   * Resolves once the outcome is on the disk. After one failed write nothing is taken any more: all further calls are
   * refused with the same error, and what was acknowledged before stands in the file.
   * @param outcome one that `requireReadable` lets pass
   * @throws DISK
   */
  async append(outcome: Outcome): Promise<void> {
    if (this.#broken !== undefined) throw this.#broken;
    const bytes = Buffer.from(outcomeLine(outcome));
    await new Promise<void>((resolve, reject) => {
      this.#waiting.push({ bytes, resolve, reject });
      this.#writing ??= this.#writeGroups();
    });
  }

  /** Waits for what is under way; the file is closed in any case. */
  async close(): Promise<void> {
    await this.#writing;
    this.#broken ??= new EdgesweepError('DISK', 'the journal is closed', { where: this.#path });
    await this.#file.close();
  }

  async #writeGroups(): Promise<void> {
    while (this.#waiting.length > 0) {
      const group = this.#takeGroup();
      try {
        await this.#write(Buffer.concat(group.map(({ bytes }) => bytes)));
      } catch (cause) {
        // No second try: after a failed fsync the kernel may call the lost pages clean, and the next fsync would succeed.
        this.#broken = diskError(cause, 'cannot write the journal', this.#path);
        await this.#cutBack();
        for (const { reject } of [...group, ...this.#waiting]) reject(this.#broken);
        this.#waiting = [];
        break;
      }
      for (const { resolve } of group) resolve();
    }
    this.#writing = undefined;
  }

  #takeGroup(): Waiting[] {
    let bytes = 0;
    let count = 0;
    while (count < this.#waiting.length && (count === 0 || bytes + this.#waiting[count].bytes.length <= GROUP_BYTES)) {
      bytes += this.#waiting[count].bytes.length;
      count += 1;
    }
    return this.#waiting.splice(0, count);
  }

  async #write(bytes: Buffer): Promise<void> {
    for (let done = 0; done < bytes.length; ) {
      const { bytesWritten } = await this.#file.write(bytes, done, bytes.length - done, this.#size + done);
      if (bytesWritten === 0) throw new Error('the system wrote nothing and reported no error');
      done += bytesWritten;
    }
    await this.#file.datasync();
    this.#size += bytes.length;
  }

  async #cutBack(): Promise<void> {
    try {
      await this.#file.truncate(this.#size);
      await this.#file.datasync();
    } catch {
      // What may remain behind #size is at the end of the file, where the next opening cuts a torn line off.
    }
  }
}
