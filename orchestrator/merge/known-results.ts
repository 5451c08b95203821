import { hash } from 'node:crypto';
import { isExact, type Outcome } from '../../shared/mod.ts';
import { type Expansion, type Members, membersOf } from '../../shared/sweep/mod.ts';

/** Bytes kept of the digest of a result: a wrong one passes for another with a probability of 2^-64. */
const BYTES = 8;
const UNKNOWN = Buffer.alloc(BYTES);

/**
 * Tells whether a task was seen before, and with which result, at eight bytes a task: results are told apart by digests. Tasks that the sweep
 * no longer has take more, and are few.
 */
export class KnownResults {
  readonly #runs: number;
  readonly #cellOf: Members;
  readonly #digests: Buffer;
  readonly #others = new Map<string, Buffer>();

  constructor(expansion: Expansion) {
    this.#runs = expansion.runs;
    this.#cellOf = membersOf(expansion);
    this.#digests = Buffer.alloc(expansion.cells.length * expansion.runs * BYTES);
  }

  /** Tasks seen that the sweep does not have. */
  get others(): number {
    return this.#others.size;
  }

  /** @param outcome from a journal, so that the keys of its result are in the order of the schema */
  add({ task, result }: Outcome): 'new' | 'same' | 'different' {
    const digest = hash('sha256', JSON.stringify(result), 'buffer').subarray(0, BYTES);
    const known = this.#place(task);
    if (known.equals(UNKNOWN)) {
      digest.copy(known);
      return 'new';
    }
    return !isExact(task.numerics) || known.equals(digest) ? 'same' : 'different';
  }

  #place(task: Outcome['task']): Buffer {
    const cell = this.#cellOf(task);
    if (cell !== undefined) {
      const start = (cell * this.#runs + task.run) * BYTES;
      return this.#digests.subarray(start, start + BYTES);
    }
    const known = this.#others.get(task.id) ?? Buffer.alloc(BYTES);
    this.#others.set(task.id, known);
    return known;
  }
}
