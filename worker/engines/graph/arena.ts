import type { Trial } from '../problem.ts';
import { type Instruction, OPERATIONS, WORDS } from './operations.ts';

/** Bytes that every place in the arena is a multiple of: a cache line, and the widest vector. */
const ALIGNMENT = 64;

/** Memory with an interpreter of programs in it. */
export type Machine = {
  /** the arena, as float32 and as 32-bit integers */
  readonly floats: Float32Array;
  readonly words: Int32Array;
  /**
   * @param program address of the first instruction
   * @param quad which examples `copy` takes
   */
  execute(program: number, instructions: number, quad: number): void;
  /**
   * Draws uniform parameters of 16 trials at the address, as `initialize` does; it is only there where it is faster.
   * @param drawn how many, in (-scale, scale), from which part of the initialisation streams
   */
  draw?(target: number, trials: readonly Trial[], drawn: { count: number; part: number; scale: number }): void;
};

/** Instructions in the arena. */
export type Program = { address: number; instructions: readonly Instruction[] };

/** Lays out what a program works on. Everything is a number of bytes from the begin; what is constant is written by `fill`. */
export class Arena {
  #bytes = 0;
  readonly #constants: { address: number; words: readonly number[] }[] = [];
  readonly #programs: Program[] = [];

  get bytes(): number {
    return this.#bytes;
  }

  take(bytes: number): number {
    const address = this.#bytes;
    this.#bytes += ALIGNMENT * Math.ceil(bytes / ALIGNMENT);
    return address;
  }

  /** Integers that stay as they are. */
  table(words: readonly number[]): number {
    const address = this.take(4 * words.length);
    this.#constants.push({ address, words });
    return address;
  }

  program(instructions: readonly Instruction[]): Program {
    const program = { address: this.take(4 * WORDS * instructions.length), instructions };
    this.#programs.push(program);
    return program;
  }

  /** Writes tables and programs. */
  fill({ words, floats }: Machine): void {
    for (const { address, words: values } of this.#constants) words.set(values, address / 4);
    for (const { address, instructions } of this.#programs) {
      instructions.forEach(([operation, ...operands], i) => {
        const start = address / 4 + WORDS * i;
        words[start] = OPERATIONS.indexOf(operation);
        operands.forEach((operand, k) => {
          if (typeof operand === 'number') words[start + 1 + k] = operand;
          else floats[start + 1 + k] = operand.float;
        });
      });
    }
  }
}
