import { EdgesweepError } from '../../../shared/mod.ts';
import type { Shape } from './kernel.ts';

export function tooLarge(
  engine: 'simd' | 'native',
  bytes: number,
  most: number,
  { network, examples }: Shape,
  cause: unknown,
): EdgesweepError {
  return new EdgesweepError(
    'NETWORK_TOO_LARGE',
    `the network and its data do not fit into the memory of the ${engine} engine`,
    {
      expected: `at most ${most} bytes`,
      got: `${bytes} bytes for depth ${network.depth}, width ${network.width}, ${examples.count} examples of ${examples.inputs} inputs`,
      fix: 'use a smaller network, fewer examples, or the reference engine (--engine reference)',
      cause,
    },
  );
}
