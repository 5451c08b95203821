import { describe, expect, it } from 'vitest';
import { ACTIVATIONS, type Activation } from '../../../shared/mod.ts';
import { emptyLayers, engineOf, initialize, type Problem, type Trial } from '../../../worker/engines/mod.ts';
import { trainInFloat64 } from './float64-mlp.ts';
import { problemOf, problemOn, trialOf } from './support.ts';

const f = Math.fround;
const train = (problem: Problem, ...trials: Trial[]) => engineOf('reference').prepare(problem).train(trials);

/** Step sizes at which ten steps change the loss a lot and diverge nowhere. */
const STEP_SIZES: Record<Activation, number> = {
  linear: 0.1,
  tanh: 0.5,
  relu: 0.2,
  sigmoid: 1,
  'leaky-relu': 0.2,
  elu: 0.2,
  softplus: 0.05,
  gelu: 0.3,
  silu: 0.3,
};

describe('the reference engine', () => {
  it.each(ACTIVATIONS)('follows gradient descent in float64 with differences for gradients: %s', (activation) => {
    for (const depth of [1, 2, 4]) {
      const problem = problemOf({ activation, depth }, 8, { iterations: 10 });
      const trial = trialOf(STEP_SIZES[activation]);
      const [{ losses, divergence }] = train(problem, trial);
      const expected = trainInFloat64(problem, trial);
      expect(divergence).toBeNull();
      expect(Math.abs(expected[9] / expected[0] - 1)).toBeGreaterThan(0.01);
      expected.forEach((loss, t) => {
        expect(Math.abs(losses[t] / loss - 1)).toBeLessThan(2e-5);
      });
    }
  });

  it('does the steps of a network with one weight as by hand', () => {
    const problem = problemOn({ depth: 1 }, [[1.5]], [[-0.7]], { iterations: 4 });
    const trial = trialOf(0.3);
    const layers = emptyLayers(problem.network);
    initialize(problem, trial, layers);
    let [w, b] = [layers[0].weights[0], layers[0].biases[0]];
    const expected = Array.from({ length: 4 }, () => {
      const residual = f(f(b + f(1.5 * w)) - f(-0.7));
      const delta = f(2 * residual);
      w = f(w - f(f(0.3) * f(delta * 1.5)));
      b = f(b - f(f(0.3) * delta));
      return f(residual * residual);
    });
    expect([...train(problem, trial)[0].losses]).toEqual(expected);
  });

  it('does the steps of a hidden tanh unit as by hand, the weights of the update from before it', () => {
    const problem = problemOn({ depth: 2, width: 1 }, [[0.5]], [[2]], { iterations: 2 });
    const trial = trialOf(0.4);
    const [first, second] = emptyLayers(problem.network);
    initialize(problem, trial, [first, second]);
    const [w1, b1, w2, b2] = [first.weights[0], first.biases[0], second.weights[0], second.biases[0]];
    const losses = train(problem, trial)[0].losses;
    const h = Math.tanh(b1 + 0.5 * w1);
    const d2 = 2 * (b2 + h * w2 - 2);
    const d1 = w2 * d2 * (1 - h * h);
    const after = Math.tanh(b1 - 0.4 * d1 + 0.5 * (w1 - 0.4 * d1 * 0.5)) * (w2 - 0.4 * d2 * h) + b2 - 0.4 * d2;
    expect(losses[0]).toBeCloseTo((b2 + h * w2 - 2) ** 2, 5);
    expect(losses[1]).toBeCloseTo((after - 2) ** 2, 5);
  });

  it('sums the squares and divides afterwards, so that the sum overflows first', () => {
    const targets = (y: number) => problemOn({ depth: 1 }, [[0], [0]], [[y], [-y]], { iterations: 2 });
    // 2 * (1.5e19)^2 = 4.5e38 is infinite, half of it were not
    const [over] = train(targets(1.5e19), trialOf(1e-30));
    expect(over.divergence).toEqual({ iteration: 1, kind: 'infinity' });
    expect([...over.losses]).toEqual([Number.POSITIVE_INFINITY]);
    const [under] = train(targets(1.3e19), trialOf(1e-30));
    expect(under.divergence).toBeNull();
    expect(under.losses[0] / 1.69e38).toBeCloseTo(1, 5);
  });

  it('adds up the outputs of an example before the examples', () => {
    // 2^24 + 1 is 2^24 in float32, so that the order of the sum shows
    const zero = (targets: number[][]) =>
      problemOn(
        { depth: 1, initialization: 'xavier-uniform' },
        targets.map(() => [0]),
        targets,
        { iterations: 1 },
      );
    const sumOf = (targets: number[][]) => train(zero(targets), trialOf(0.1))[0].losses[0] * targets.flat().length;
    expect(
      sumOf([
        [4096, 1],
        [1, 1],
      ]),
    ).toBe(2 ** 24 + 2);
    expect(
      sumOf([
        [1, 1],
        [1, 4096],
      ]),
    ).toBe(2 ** 24 + 2);
    expect(
      sumOf([
        [4096, 0],
        [1, 0],
        [1, 0],
        [0, 0],
      ]),
    ).toBe(2 ** 24);
  });

  it('returns the trials up to the first that diverges', () => {
    const problem = problemOf({ activation: 'linear' }, 10, { iterations: 200 });
    const trainings = train(problem, trialOf(0.01, 0), trialOf(1e6, 1), trialOf(0.01, 2));
    expect(trainings).toHaveLength(2);
    expect(trainings[0].divergence).toBeNull();
    expect(trainings[0].losses).toHaveLength(200);
    const { losses, divergence } = trainings[1];
    expect(divergence).not.toBeNull();
    expect(losses).toHaveLength(divergence?.iteration ?? 0);
    expect(losses.subarray(0, -1).every(Number.isFinite)).toBe(true);
    expect(Number.isFinite(losses.at(-1))).toBe(false);
  });

  it('calls a loss above the limit a divergence, but not one at it', () => {
    const free = problemOf({}, 10, { iterations: 3 });
    const [{ losses }] = train(free, trialOf(0.01));
    const at = train({ ...free, lossLimit: losses[0] }, trialOf(0.01))[0];
    expect(at.divergence).toBeNull();
    const below = train({ ...free, lossLimit: losses[0] * (1 - 2 ** -30) }, trialOf(0.01))[0];
    expect(below.divergence).toEqual({ iteration: 1, kind: 'loss-above' });
  });

  it('says that a loss is NaN', () => {
    // infinite products of both signs meet in the first sum
    const problem = problemOn({ depth: 2, width: 3, activation: 'linear' }, [[1e38, 1e38]], [[0]], { iterations: 30 });
    const [{ divergence }] = train(problem, trialOf(1e30));
    expect(divergence?.iteration).toBe(1);
    const nan = train(problemOn({ depth: 1 }, [[Number.NaN]], [[0]]), trialOf(1))[0];
    expect(nan.divergence).toEqual({ iteration: 1, kind: 'nan' });
    expect(nan.losses[0]).toBeNaN();
  });
});

describe('batches of the reference engine', () => {
  /** A step so small that it changes no weight: the loss of a batch is then a function of the batch. */
  const STILL = 1e-30;
  const losses = (examples: number, batchSize: number, iterations: number, rung = 0): number[] => {
    const problem = problemOf({ depth: 2 }, examples, { batchSize, iterations });
    return [...train(problem, trialOf(STILL, rung))[0].losses];
  };

  it('take every example once in each pass, in another order each pass', () => {
    const all = losses(12, 1, 48);
    const passes = [0, 1, 2, 3].map((pass) => all.slice(12 * pass, 12 * pass + 12));
    const sorted = passes.map((pass) => String([...pass].sort((a, b) => a - b)));
    expect(new Set(passes[0]).size).toBe(12);
    expect(new Set(sorted).size).toBe(1);
    expect(new Set(passes.map(String)).size).toBe(4);
    expect(losses(12, 1, 12, 1)).not.toEqual(passes[0]);
  });

  it('are short at the end of a pass whose examples they do not divide', () => {
    const single = losses(5, 1, 10);
    const mean = (values: number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;
    // the passes come in the same order whatever the batch size
    const expected = [
      mean(single.slice(0, 2)),
      mean(single.slice(2, 4)),
      single[4],
      mean(single.slice(5, 7)),
      mean(single.slice(7, 9)),
      single[9],
    ];
    losses(5, 2, 6).forEach((loss, t) => {
      expect(loss / expected[t]).toBeCloseTo(1, 5);
    });
    expect(losses(5, 2, 6)[2]).toBe(single[4]);
  });

  it('scale the gradient by the size of the short batch', () => {
    // the last batch of the pass holds one example: from there on a step is that of batch size 1
    const rest = { batchSize: 2, iterations: 4 };
    const problem = problemOn({ depth: 1 }, [[1], [1], [1]], [[2], [2], [2]], rest);
    const alone = problemOn({ depth: 1 }, [[1]], [[2]], { iterations: 4 });
    const [a] = train(problem, trialOf(0.1));
    const [b] = train(alone, trialOf(0.1));
    a.losses.forEach((loss, t) => {
      expect(loss / b.losses[t]).toBeCloseTo(1, 5);
    });
  });

  it('keep the order of the data at full batch', () => {
    const problem = problemOf({ depth: 2 }, 6, { iterations: 3 });
    const same = { ...problem, batchSize: 6 };
    expect(train(problem, trialOf(0.1))[0].losses).toEqual(train(same, trialOf(0.1))[0].losses);
    // a sum of very different squares tells the order
    const ordered = problemOn({ depth: 1, initialization: 'xavier-normal' }, [[0], [0], [0]], [[4096], [1], [1]]);
    expect(train({ ...ordered, iterations: 1 }, trialOf(1))[0].losses[0]).toBe(f(2 ** 24 / 3));
  });
});
