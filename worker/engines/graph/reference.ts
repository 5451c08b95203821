import { EdgesweepError } from '../../../shared/mod.ts';
import type { Machine } from './arena.ts';
import { OPERATIONS, WORDS } from './operations.ts';
import { RULES } from './rules/mod.ts';

/** Addresses are read as signed 32-bit integers. */
const LARGEST_MEMORY = 2 ** 31;

/**
 * The plain interpreter, float32 at every operation: what a program computes is defined here and in `rules/`.
 *
 * Values of a quad of 16 examples lie [unit][16]. Where nothing is said of it, an operation does the same for each of the 16 by itself.
 * What is summed over examples has 16 partial sums, example e in number e mod 16, over quads and, within, positions in ascending order; see
 * `collect` for their sum.
 *
 * @throws EdgesweepError NETWORK_TOO_LARGE
 */
export function referenceMachine(bytes: number): Machine {
  if (bytes > LARGEST_MEMORY) {
    throw new EdgesweepError(
      'NETWORK_TOO_LARGE',
      'the model and its data do not fit into the memory of the reference engine',
      {
        expected: `at most ${LARGEST_MEMORY} bytes`,
        got: `${bytes} bytes`,
        fix: 'use a smaller model or fewer examples',
      },
    );
  }
  const buffer = new ArrayBuffer(bytes);
  const floats = new Float32Array(buffer);
  const words = new Int32Array(buffer);
  return {
    floats,
    words,
    execute(program, instructions, quad) {
      for (let i = 0; i < instructions; i++) {
        const start = program / 4 + WORDS * i;
        RULES[OPERATIONS[words[start]]]({ floats, words, operands: words.subarray(start + 1, start + WORDS), quad });
      }
    },
  };
}
