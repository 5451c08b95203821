import type { Problem } from '../../../worker/engines/mod.ts';
import { FUNCTIONS } from './float64-mlp.ts';

type Matrix = number[][];

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const dot = (a: readonly number[], b: readonly number[]) => sum(a.map((value, i) => value * b[i]));
const plus = (a: Matrix, b: Matrix): Matrix => a.map((row, i) => row.map((value, j) => value + b[i][j]));

function normalized(row: readonly number[]): number[] {
  const mean = sum(row) / row.length;
  const variance = sum(row.map((value) => (value - mean) ** 2)) / row.length;
  return row.map((value) => (value - mean) / Math.sqrt(variance + 1e-5));
}

/** Causal attention of two heads. */
function attention(qkv: Matrix, width: number): Matrix {
  const share = width / 2;
  return qkv.map((row, i) =>
    [0, 1].flatMap((head) => {
      const part = (token: readonly number[], what: number) =>
        token.slice(what * width + head * share, what * width + (head + 1) * share);
      const past = qkv.slice(0, i + 1);
      const weights = past.map((token) => Math.exp(dot(part(row, 0), part(token, 1)) / Math.sqrt(share)));
      return Array.from(
        { length: share },
        (_, c) =>
          dot(
            weights,
            past.map((token) => part(token, 2)[c]),
          ) / sum(weights),
      );
    }),
  );
}

/** The logits of the transformer written out, in float64, by example; parameters layer by layer, weights and then biases. */
export function transformerOutputsAt({ network, examples, model }: Problem, w: ArrayLike<number>): number[][] {
  const { width, activation, vocabulary = 1, inputs, outputs } = network;
  const [tokens, predicted] = [inputs / vocabulary, outputs / vocabulary];
  let offset = 0;
  const take = (rows: number, columns: number): Matrix =>
    Array.from({ length: rows }, () => {
      offset += columns;
      return Array.from({ length: columns }, (_, i) => w[offset - columns + i]);
    });
  const layer = (from: number, to: number) => {
    const [weights, [biases]] = [take(to, from), take(1, to)];
    return (x: Matrix): Matrix => x.map((row) => weights.map((of, j) => dot(of, row) + biases[j]));
  };
  const [embedding, positions] = [take(width, vocabulary), take(tokens, width)];
  const maps = [
    [width, 3 * width],
    [width, width],
    [width, 4 * width],
    [4 * width, width],
    [width, vocabulary],
  ].map(([from, to]) => layer(from, to));
  const norm = (x: Matrix) => (model === 'transformer' ? x.map(normalized) : x);
  return Array.from({ length: examples.count }, (_, e) => {
    const x = Array.from({ length: tokens }, (_, t) => {
      const start = e * inputs + t * vocabulary;
      const token = Array.from(examples.x.subarray(start, start + vocabulary));
      return embedding.map((of, j) => dot(of, token) + positions[t][j]);
    });
    const middle = plus(x, maps[1](attention(maps[0](norm(x)), width)));
    const hidden = maps[2](norm(middle)).map((row) => row.map(FUNCTIONS[activation]));
    const last = plus(middle, maps[3](hidden));
    return maps[4](norm(last).slice(tokens - predicted)).flat();
  });
}
