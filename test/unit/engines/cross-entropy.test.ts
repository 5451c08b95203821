import { describe, expect, it } from 'vitest';
import { ENGINES } from '../../../shared/mod.ts';
import { emptyLayers, engineOf, initialize, type Problem, type Trial } from '../../../worker/engines/mod.ts';
import { reduceToRowSpace } from '../../../worker/experiments/row-space.ts';
import { trainInFloat64 } from './float64-mlp.ts';
import { classesOf, problemOn, trialOf } from './support.ts';

const f = Math.fround;
const FOUR = [0, 1, 2, 3].map((rung) => trialOf(0.1, rung));

/** A step so small that the products of the largest inputs here move no weight. */
const STILL = trialOf(1e-44);

/** One layer without a hidden one, on the given rows. */
const layer = (x: number[][], y: number[][], rest: Partial<Problem> = {}) =>
  problemOn({ depth: 1, initialization: 'xavier-normal' }, x, y, { loss: 'cross-entropy', iterations: 1, ...rest });

/** The trainings of the reference engine, which the simd engine repeats to the bit. */
function train(problem: Problem, ...trials: Trial[]) {
  const [reference, simd] = (['reference', 'simd'] as const).map((name) =>
    engineOf(name).prepare(problem).train(trials),
  );
  expect(simd).toEqual(reference);
  return reference;
}

describe('cross-entropy', () => {
  it.each([0, 0.25])(
    'follows a training in float64 with differences for gradients; share of another class %d',
    (soft) => {
      for (const [depth, optimizer] of [
        [1, { kind: 'sgd' }],
        [3, { kind: 'sgd' }],
        [3, { kind: 'nesterov', momentum: 0.9 }],
      ] as const) {
        const problem = classesOf({ depth }, 9, { iterations: 10, optimizer }, soft);
        const [{ losses }] = train(problem, trialOf(0.2));
        const expected = trainInFloat64(problem, trialOf(0.2));
        expect(Math.abs(expected[9] / expected[0] - 1)).toBeGreaterThan(0.01);
        expected.forEach((loss, t) => {
          expect(Math.abs(losses[t] / loss - 1)).toBeLessThan(2e-5);
        });
      }
    },
  );

  it('is that of PyTorch where the targets do not add up to 1', () => {
    // sum_j y_j (log sum - z_j), at z = 0
    const [{ losses }] = train(layer([[0]], [[2, 1, 0, 0.5]]), trialOf(1));
    expect(losses[0]).toBeCloseTo(3.5 * Math.log(4), 6);
  });

  it('of equal logits is log outputs, and moves the biases by the exact gradient', () => {
    const problem = layer(
      [[0], [0]],
      [
        [1, 0],
        [1, 0],
      ],
      { iterations: 2 },
    );
    const [{ losses }] = train(problem, trialOf(1));
    // b = (1/2, -1/2) after a step of 1
    expect(losses[0]).toBe(f(Math.log(2)));
    expect(losses[1]).toBeCloseTo(Math.log1p(Math.exp(-1)), 7);
  });

  it('is finite where the logits saturate, right and wrong, and so are its gradients', () => {
    for (const size of [1e3, 1e10, 1e30, 1e37]) {
      for (const target of [
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
      ]) {
        const problem = layer([[size]], [target], { iterations: 5 });
        const [{ losses, divergence }] = train(problem, STILL);
        const [{ weights }] = layersOf(problem, STILL);
        const z = [...weights].map((w) => f(w * size));
        expect(divergence).toBeNull();
        const exact = Math.max(...z) - z[target.indexOf(1)];
        expect(Math.abs(losses[0] - exact)).toBeLessThanOrEqual(1e-6 * exact);
      }
    }
  });

  it('does not move what is classified with certainty', () => {
    const problem = layer([[1e10]], [[1, 0, 0]]);
    const [{ weights }] = layersOf(problem, trialOf(1));
    const y = [...weights].map((w) => (w === Math.max(...weights) ? 1 : 0));
    const [{ losses }] = train(layer([[1e10]], [y], { iterations: 3 }), trialOf(1e30));
    expect([...losses]).toEqual([0, 0, 0]);
  });

  it('sums over the batch and divides afterwards, so that the sum overflows first', () => {
    const rung = Array.from({ length: 50 }, (_, k) => k).find((k) => {
      const [{ weights }] = layersOf(layer([[0]], [[1, 0]]), trialOf(1, k));
      return weights[1] - weights[0] > 1;
    });
    const trial = trialOf(1e-30, rung);
    const [{ weights }] = layersOf(layer([[0]], [[1, 0]]), trial);
    const x = 2e38 / (weights[1] - weights[0]);
    expect(train(layer([[x]], [[1, 0]]), trial)[0].losses[0] / 2e38).toBeCloseTo(1, 5);
    const [two] = train(
      layer(
        [[x], [x]],
        [
          [1, 0],
          [1, 0],
        ],
      ),
      trial,
    );
    expect(two.divergence).toEqual({ iteration: 1, kind: 'infinity' });
  });

  it('is NaN of a NaN and of infinite logits', () => {
    for (const x of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      const [{ divergence }] = train(layer([[x]], [[1, 0]]), trialOf(1));
      expect(divergence).toEqual({ iteration: 1, kind: 'nan' });
    }
  });

  it('diverges at large step sizes, at the same iteration on both engines', () => {
    const problem = classesOf({ depth: 4, activation: 'linear' }, 12, { iterations: 400, batchSize: 5 });
    const trials = FOUR.map((trial) => ({ ...trial, stepSize: 100 ** (trial.rung - 1) }));
    expect(train(problem, ...trials).at(-1)?.divergence).not.toBeNull();
  });

  it('agrees on both engines: blocks of examples, ragged and single batches, many classes, reduced data', () => {
    for (const batchSize of [9, 4, 1]) train(classesOf({ inputs: 301, outputs: 11 }, 9, { batchSize }), ...FOUR);
    train(classesOf({ width: 70, depth: 8, outputs: 70 }, 301, { batchSize: 200 }), ...FOUR);
    const problem = classesOf({ inputs: 60 }, 21, { batchSize: 5, iterations: 30 });
    const { examples, reduction } = reduceToRowSpace(problem.examples);
    train({ ...problem, network: { ...problem.network, inputs: examples.inputs }, examples, reduction }, ...FOUR);
  });

  it.each(ENGINES)('leaves the squared error as it is: %s', (engine) => {
    const { loss: _, ...squares } = classesOf({}, 10);
    const losses = () => engineOf(engine).prepare(squares).train(FOUR);
    const before = losses();
    expect(engineOf(engine).prepare(classesOf({}, 10)).train(FOUR)).not.toEqual(before);
    expect(losses()).toEqual(before);
    expect(
      engineOf(engine)
        .prepare({ ...squares, loss: 'mse' })
        .train(FOUR),
    ).toEqual(before);
  });
});

function layersOf({ network }: Problem, trial: Trial) {
  const layers = emptyLayers(network);
  initialize({ network }, trial, layers);
  return layers;
}
