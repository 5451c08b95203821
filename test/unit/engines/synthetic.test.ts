import { describe, expect, it } from 'vitest';
import { normalQuantile, Stream, type StreamName } from '../../../shared/random/mod.ts';
import { syntheticRegression, testExamplesOf } from '../../../worker/data/mod.ts';
import { moments } from '../random/support.ts';

const data = (examples: number, dimensions = 4, outputs = 3, seed = 5, run = 1) =>
  syntheticRegression({ kind: 'synthetic', examples, dimensions, outputs }, seed, run);

/** rows x columns of standard normal numbers, drawn row by row and rounded to float32 */
function matrix(purpose: StreamName['purpose'], rows: number, columns: number, part = 0): number[][] {
  const stream = new Stream({ seed: 5, purpose, run: 1, part });
  return Array.from({ length: rows }, () =>
    Array.from({ length: columns }, () => Math.fround(normalQuantile(stream.uniform()))),
  );
}

describe('synthetic regression data', () => {
  it('is Y = X V^T - E', () => {
    const { count, inputs, outputs, x, y } = data(20);
    expect([count, inputs, outputs]).toEqual([20, 4, 3]);
    const X = matrix('inputs', 20, 4);
    const V = matrix('targetWeights', 3, 4);
    const E = matrix('noise', 20, 3);
    expect([...x]).toEqual(X.flat());
    const Y = X.map((row, e) => V.map((v, o) => v.reduce((sum, weight, i) => sum + row[i] * weight, 0) - E[e][o]));
    expect([...y]).toEqual(Y.flat().map(Math.fround));
  });

  it('has test examples with the same V and draws of their own', () => {
    const dataset = { kind: 'synthetic' as const, examples: 20, dimensions: 4, outputs: 3 };
    const { count, x, y } = testExamplesOf(dataset, { examples: 7 }, 5, 1, []);
    expect(count).toBe(7);
    const [X, E] = [matrix('inputs', 7, 4, 1), matrix('noise', 7, 3, 1)];
    const V = matrix('targetWeights', 3, 4);
    expect([...x]).toEqual(X.flat());
    expect([...x.subarray(0, 4)]).not.toEqual([...data(20).x.subarray(0, 4)]);
    const Y = X.map((row, e) => V.map((v, o) => v.reduce((sum, weight, i) => sum + row[i] * weight, 0) - E[e][o]));
    expect([...y]).toEqual(Y.flat().map(Math.fround));
  });

  it('has the first examples of a larger set', () => {
    const large = data(50);
    const small = data(8);
    expect([...small.x]).toEqual([...large.x.subarray(0, 8 * 4)]);
    expect([...small.y]).toEqual([...large.y.subarray(0, 8 * 3)]);
  });

  it('differs between runs and seeds', () => {
    expect(data(5, 4, 3, 5, 2).x).not.toEqual(data(5).x);
    expect(data(5, 4, 3, 6, 1).x).not.toEqual(data(5).x);
    expect(data(5, 4, 3, 5, 2).y).not.toEqual(data(5).y);
  });

  it('has standard normal inputs, and targets of variance dimensions + 1 over draws', () => {
    const { x } = data(2000, 10);
    const inputs = moments([...x]);
    expect(Math.abs(inputs.mean)).toBeLessThan(4 / Math.sqrt(20_000));
    expect(Math.abs(inputs.variance - 1)).toBeLessThan(4 * Math.sqrt(2 / 20_000));
    const targets = moments(Array.from({ length: 300 }, (_, run) => [...data(10, 10, 3, 1, run).y]).flat());
    expect(Math.abs(targets.variance / 11 - 1)).toBeLessThan(0.1);
  });
});
