import type { TokenDataset } from '../../shared/mod.ts';
import { Stream } from '../../shared/random/mod.ts';
import type { Examples } from '../engines/problem.ts';

/**
 * Sequences of tokens and what is predicted of them, both one-hot, [token][number].
 *
 * - sorting: `length` independent uniform tokens (stream `inputs` of the run), followed by the sorted ones but the last; the targets are the sorted
 *   ones, each predicted at the token before it. A smaller n has the first sequences of a larger one.
 * - modular-addition: the first n pairs of a uniform permutation of all by Fisher and Yates (stream `choice`); the target is their sum modulo the
 *   vocabulary
 */
export function tokenExamples(dataset: TokenDataset, seed: number, run: number): Examples {
  const { examples: count, vocabulary, dimensions: inputs, outputs } = dataset;
  const x = new Float32Array(count * inputs);
  const y = new Float32Array(count * outputs);
  const write = (target: Float32Array, row: number, tokens: readonly number[]) => {
    tokens.forEach((token, t) => {
      target[row + t * vocabulary + token] = 1;
    });
  };
  const sequences =
    dataset.kind === 'sorting' ? sequencesToSort(dataset, seed, run) : pairsToAdd(count, vocabulary, seed, run);
  sequences.forEach(({ given, sought }, e) => {
    write(x, e * inputs, given);
    write(y, e * outputs, sought);
  });
  return { count, inputs, outputs, x, y };
}

type Sequence = { given: number[]; sought: number[] };

function sequencesToSort(
  { examples, length, vocabulary }: Extract<TokenDataset, { kind: 'sorting' }>,
  seed: number,
  run: number,
): Sequence[] {
  const stream = new Stream({ seed, purpose: 'inputs', run });
  return Array.from({ length: examples }, () => {
    const tokens = Array.from({ length }, () => stream.below(vocabulary));
    const sought = tokens.toSorted((a, b) => a - b);
    return { given: [...tokens, ...sought.slice(0, -1)], sought };
  });
}

function pairsToAdd(examples: number, modulus: number, seed: number, run: number): Sequence[] {
  const stream = new Stream({ seed, purpose: 'choice', run });
  const pairs = Array.from({ length: modulus * modulus }, (_, k) => k);
  return Array.from({ length: examples }, (_, e) => {
    const other = e + stream.below(pairs.length - e);
    const chosen = pairs[other];
    pairs[other] = pairs[e];
    const [a, b] = [Math.floor(chosen / modulus), chosen % modulus];
    return { given: [a, b], sought: [(a + b) % modulus] };
  });
}
