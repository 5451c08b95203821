import { type Key, philox } from './philox.ts';

/** What a stream is for: the lowest byte of the second counter word. A number, once used, is never given to another purpose. */
export const PURPOSES = {
  inputs: 1,
  targetWeights: 2,
  noise: 3,
  initialization: 4,
  order: 5,
  choice: 6,
  startVector: 8,
  trial: 9,
  resampling: 10,
  probe: 11,
  batch: 12,
} as const;
export type Purpose = keyof typeof PURPOSES;

/** Names a stream of random numbers; equal names give equal numbers, different names independent ones. */
export type StreamName = {
  /** sweep seed, 0 to 2^53 - 1 */
  seed: number;
  purpose: Purpose;
  /** 0 to 2^32 - 1 */
  run: number;
  /** 0 to 2^32 - 1 */
  rung?: number;
  /** which tensor or pass of the purpose, 0 to 2^24 - 1 */
  part?: number;
};

/**
 * The words of one stream, in order: Philox blocks 0, 1, 2, ... with
 * key = (seed mod 2^32, floor(seed / 2^32)), counter = (block, purpose + 2^8 part, run, rung).
 */
export class Stream {
  readonly #key: Key;
  readonly #second: number;
  readonly #run: number;
  readonly #rung: number;
  readonly #words = new Uint32Array(4);
  #block = 0;
  #used = 4;

  constructor({ seed, purpose, run, rung = 0, part = 0 }: StreamName) {
    this.#key = [seed >>> 0, Math.floor(seed / 2 ** 32)];
    this.#second = (PURPOSES[purpose] | (part << 8)) >>> 0;
    this.#run = run;
    this.#rung = rung;
  }

  /** The next unsigned 32-bit word. */
  word(): number {
    if (this.#used === 4) {
      philox([this.#block++, this.#second, this.#run, this.#rung], this.#key, this.#words);
      this.#used = 0;
    }
    return this.#words[this.#used++];
  }

  /** Uniform in (0, 1), float64, the midpoints of 2^32 equal intervals: never 0 nor 1, and symmetric. */
  uniform(): number {
    return (this.word() + 0.5) * 2 ** -32;
  }

  /** Uniform integer in [0, bound); bound up to 2^21, for the product to be exact. The bias is below bound / 2^32. */
  below(bound: number): number {
    return Math.floor((this.word() * bound) / 2 ** 32);
  }
}
