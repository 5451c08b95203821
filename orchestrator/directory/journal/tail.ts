import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import type { Outcome } from '../../../shared/mod.ts';
import { EdgesweepError, messageOf } from '../../../shared/mod.ts';
import { systemCode } from '../disk-error.ts';
import { MAX_LINE_BYTES } from './lines.ts';
import { OutcomeDecoder } from './outcome-line.ts';

const NEWLINE = 0x0a;
const CHUNK_BYTES = 1 << 16;
/** So much before the end of what was read has to be the same when more is read. */
const PROOF_BYTES = 1024;

/** Where one may go on in a journal that was read before. */
export type Bookmark = {
  inode: number;
  /** bytes and lines that were read */
  offset: number;
  lines: number;
  /** of the whole file, when it was last looked at */
  size: number;
  modified: number;
  /** the bytes before `offset`, at most PROOF_BYTES of them, in base64 */
  proof: string;
};

export type Read = { outcome: Outcome; offset: number; bytes: number };

/**
 * What a poll found. `replaced`: the file is another one, was cut short, or was changed in place: what was read before is void, and the next
 * poll begins anew.
 */
export type Polled = 'same' | 'grown' | 'replaced' | 'missing';

/**
 * Follows a journal that others write. Takes no lock; every line is checked as `readJournal` checks it. Files are polled, since network file
 * systems notify nobody.
 */
export class JournalTail {
  readonly #path: string;
  #decoder: OutcomeDecoder;
  #mark: Bookmark | undefined;

  /** @param mark to go on from; what it claims is checked against the file */
  constructor(path: string, mark?: Bookmark) {
    this.#path = path;
    this.#decoder = new OutcomeDecoder(path);
    this.#mark = mark;
  }

  get mark(): Bookmark | undefined {
    return this.#mark;
  }

  /**
   * Reads the finished lines that were added.
   * @param hear told of the outcomes, some at a time, with the share of the new bytes that was read
   * @throws JOURNAL_DAMAGED; DIRECTORY_UNREADABLE
   */
  async poll(hear: (read: Read[], share: number) => Promise<void> | void): Promise<Polled> {
    let file: FileHandle;
    try {
      file = await open(this.#path, 'r');
    } catch (error) {
      if (['ENOENT', 'ENOTDIR'].includes(systemCode(error) ?? '')) return this.#forget('missing');
      throw unreadable(this.#path, error);
    }
    try {
      return await this.#pollFile(file, hear);
    } catch (error) {
      throw systemCode(error) === undefined ? error : unreadable(this.#path, error);
    } finally {
      await file.close();
    }
  }

  /** The line that begins at a place where an outcome was read. @throws JOURNAL_DAMAGED */
  async readAt(offset: number, bytes: number): Promise<Outcome> {
    const file = await open(this.#path, 'r');
    try {
      const buffer = Buffer.alloc(bytes);
      const { bytesRead } = await file.read(buffer, 0, bytes, offset);
      return new OutcomeDecoder(this.#path).decode({ number: 0, bytes: buffer.subarray(0, bytesRead) });
    } finally {
      await file.close();
    }
  }

  #forget<T extends Polled>(polled: T): T | 'same' {
    if (this.#mark === undefined) return polled === 'missing' ? polled : 'same';
    this.#mark = undefined;
    this.#decoder = new OutcomeDecoder(this.#path);
    return polled;
  }

  async #pollFile(file: FileHandle, hear: (read: Read[], share: number) => Promise<void> | void): Promise<Polled> {
    const { ino: inode, size, mtimeMs: modified } = await file.stat();
    const mark = this.#mark ?? { inode, offset: 0, lines: 0, size: 0, modified: 0, proof: '' };
    if (this.#mark !== undefined) {
      if (mark.size === size && mark.modified === modified && mark.inode === inode) return 'same';
      // without growth, a change can only be one in place; a torn last line that the next run cuts off makes the file shorter
      const touched = size === mark.size && modified !== mark.modified;
      if (inode !== mark.inode || size < mark.offset || touched || !(await isProven(file, mark))) {
        return this.#forget('replaced');
      }
    }
    let { offset, lines } = mark;
    const start = offset;
    let unfinished: Buffer = Buffer.alloc(0);
    let proof: Buffer = Buffer.from(mark.proof, 'base64');
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    for (let position = offset; position < size; ) {
      const { bytesRead } = await file.read(chunk, 0, Math.min(CHUNK_BYTES, size - position), position);
      if (bytesRead === 0) break;
      const bytes = Buffer.concat([unfinished, chunk.subarray(0, bytesRead)]);
      const read: Read[] = [];
      let begin = 0;
      for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, begin)) {
        lines += 1;
        const outcome = this.#decoder.decode({ number: lines, bytes: bytes.subarray(begin, end) });
        read.push({ outcome, offset: offset + begin, bytes: end - begin });
        begin = end + 1;
      }
      offset += begin;
      unfinished = Buffer.from(bytes.subarray(begin));
      // no outcome is that long: decoding what is there says so
      if (unfinished.length > MAX_LINE_BYTES) this.#decoder.decode({ number: lines + 1, bytes: unfinished });
      if (begin > 0) proof = Buffer.from(Buffer.concat([proof, bytes.subarray(0, begin)]).subarray(-PROOF_BYTES));
      position += bytesRead;
      await hear(read, (position - start) / (size - start));
    }
    this.#mark = { inode, offset, lines, size, modified, proof: proof.toString('base64') };
    return offset > start ? 'grown' : 'same';
  }
}

async function isProven(file: FileHandle, { offset, proof }: Bookmark): Promise<boolean> {
  const expected = Buffer.from(proof, 'base64');
  const found = Buffer.alloc(expected.length);
  const { bytesRead } = await file.read(found, 0, expected.length, offset - expected.length);
  return bytesRead === expected.length && found.equals(expected);
}

const unreadable = (where: string, cause: unknown): EdgesweepError =>
  new EdgesweepError('DIRECTORY_UNREADABLE', 'cannot read the journal', {
    where,
    got: messageOf(cause),
    fix: 'check the path and its permissions',
    cause,
  });
