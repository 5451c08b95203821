import { describe, expect, it } from 'vitest';
import { type Examples, engineOf, type Problem, type Trial } from '../../../worker/engines/mod.ts';
import { reduceToRowSpace } from '../../../worker/experiments/row-space.ts';
import { problemOf, problemOn, trialOf } from './support.ts';

const reduced = (problem: Problem): Problem => {
  const { examples, reduction } = reduceToRowSpace(problem.examples);
  return { ...problem, network: { ...problem.network, inputs: examples.inputs }, examples, reduction };
};

const row = (values: Float32Array, width: number, k: number) => values.subarray(k * width, (k + 1) * width);
const dot = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((sum, value, i) => sum + value * b[i], 0);

describe('the reduction of the data to their row space', () => {
  const check = (examples: Examples) => {
    const { examples: small, reduction } = reduceToRowSpace(examples);
    const columns = Array.from({ length: reduction.columns }, (_, k) =>
      Float64Array.from(
        { length: reduction.inputs },
        (_, i) => reduction.q[(k >> 2) * 4 * reduction.inputs + 4 * i + (k & 3)],
      ),
    );
    expect(small).toMatchObject({ count: examples.count, inputs: examples.count, outputs: examples.outputs });
    expect(small.y).toBe(examples.y);
    for (let j = 0; j < columns.length; j++) {
      for (let k = 0; k <= j; k++) expect(dot(columns[j], columns[k])).toBeCloseTo(j === k ? 1 : 0, 13);
    }
    // X = L Q', but for the rounding of L to float32
    for (let e = 0; e < examples.count; e++) {
      const l = row(small.x, small.inputs, e);
      for (let i = 0; i < examples.inputs; i++) {
        const product = columns.reduce((sum, column, k) => sum + l[k] * column[i], 0);
        expect(product).toBeCloseTo(row(examples.x, examples.inputs, e)[i], 5);
      }
    }
  };

  it.each([
    [1, 2],
    [3, 4],
    [7, 30],
    [10, 41],
  ])('of %i examples of %i inputs: X = L Q with orthonormal Q', (count, inputs) => {
    check(problemOf({ inputs }, count).examples);
  });

  it('of rows that depend on each other, or are nothing', () => {
    const x = [
      [1, 2, 0, 0, 0],
      [2, 4, 0, 0, 0],
      [0, 0, 0, 0, 0],
      [0, 0, 3, 0, 0],
    ];
    check(problemOn({}, x, [[1], [1], [1], [1]]).examples);
  });
});

describe('training on reduced data', () => {
  const shape = { inputs: 60, width: 6, outputs: 3, depth: 3 } as const;
  const trials: Trial[] = [0, 1, 2, 3].map((rung) => trialOf(0.01, rung));

  it.each(['pytorch-default', 'xavier-normal', 'kaiming-uniform'] as const)(
    'has the losses of the direct training but for rounding, full batch and shuffled: %s',
    (initialization) => {
      for (const batchSize of [20, 8, 1]) {
        const problem = problemOf({ ...shape, initialization, activation: 'tanh' }, 20, { batchSize, iterations: 25 });
        const direct = engineOf('reference').prepare(problem).train(trials);
        const small = engineOf('reference').prepare(reduced(problem)).train(trials);
        small.forEach(({ losses }, i) => {
          losses.forEach((loss, t) => {
            expect(Math.abs(loss - direct[i].losses[t])).toBeLessThan(1e-4 * direct[i].losses[t]);
          });
        });
      }
    },
  );

  it('gives the same bits on both engines', () => {
    const problem = reduced(problemOf({ ...shape, activation: 'relu' }, 21, { iterations: 30 }));
    expect(engineOf('simd').prepare(problem).train(trials)).toEqual(
      engineOf('reference').prepare(problem).train(trials),
    );
  });
});
