import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import {
  ACTIVATIONS,
  type Activation,
  EdgesweepError,
  INITIALIZATIONS,
  type SearchOptimizer,
} from '../../../shared/mod.ts';
import { engineOf, loadEngine, type Problem, type Training, type Trial } from '../../../worker/engines/mod.ts';
import { ACTIVATION_FUNCTIONS } from '../../../worker/engines/reference/activations.ts';
import { ACTIVATIONS_OF_TFJS } from '../../../worker/engines/tfjs/activations.ts';
import { chooseBackend } from '../../../worker/engines/tfjs/mod.ts';
import { problemOf, problemOn, trialOf } from './support.ts';

const tfjs = await loadEngine('tfjs');
const train = (problem: Problem, trial: Trial): Training => tfjs.prepare(problem).train([trial])[0];

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

function expectClose(got: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 2e-5): void {
  expect(got.length).toBe(expected.length);
  for (let t = 0; t < got.length; t++) expect(Math.abs(got[t] / expected[t] - 1)).toBeLessThan(tolerance);
}

describe('the engine on TensorFlow.js', () => {
  it.each(ACTIVATIONS)('follows the reference: %s', (activation) => {
    for (const depth of [1, 2, 4]) {
      for (const batchSize of [8, 3]) {
        const problem = problemOf({ activation, depth }, 8, { iterations: 10, batchSize });
        const trial = trialOf(STEP_SIZES[activation]);
        const [expected] = engineOf('reference').prepare(problem).train([trial]);
        const got = train(problem, trial);
        expect(got.divergence).toBeNull();
        expectClose(got.losses, expected.losses);
      }
    }
  });

  it('passes 0 on through a ReLU that is off, also of an infinite gradient, as the reference does', () => {
    const z = [-1, 0, 2, Number.NaN];
    const deltas = [Number.POSITIVE_INFINITY, Number.NaN, 3, 1];
    const relu = (x: tf.Tensor) => ACTIVATIONS_OF_TFJS.relu(tf, x);
    expect(Array.from(relu(tf.tensor1d(z)).dataSync())).toEqual([0, 0, 2, Number.NaN]);
    const { value, backward } = ACTIVATION_FUNCTIONS.relu;
    const expected = z.map((x, i) => backward(deltas[i], value(x), x));
    expect(expected).toEqual([0, 0, 3, 0]);
    expect(Array.from(tf.grad(relu)(tf.tensor1d(z), tf.tensor1d(deltas)).dataSync())).toEqual(expected);
  });

  it.each(INITIALIZATIONS)('starts from the same weights: %s', (initialization) => {
    const problem = problemOf({ initialization }, 6, { iterations: 1 });
    const [expected] = engineOf('reference')
      .prepare(problem)
      .train([trialOf(0.1)]);
    expectClose(train(problem, trialOf(0.1)).losses, expected.losses, 2e-6);
  });

  it('ends at the same iteration for the same reason, the sum of squares overflowing first', () => {
    const examples = [[1e19], [1.2e19], [1.2e19]];
    const problem = problemOn({ depth: 1 }, [[0], [0], [0]], examples, { iterations: 3 });
    expect(train(problem, trialOf(0.1)).divergence).toEqual({ iteration: 1, kind: 'infinity' });
    for (const [stepSize, lossLimit] of [
      [50, problem.lossLimit],
      [50, 1000],
      [1e30, problem.lossLimit],
    ]) {
      const large = { ...problemOf({ activation: 'relu' }, 8, { iterations: 40 }), lossLimit };
      const [expected] = engineOf('reference')
        .prepare(large)
        .train([trialOf(stepSize)]);
      expect(expected.divergence).not.toBeNull();
      expect(train(large, trialOf(stepSize)).divergence).toEqual(expected.divergence);
    }
  });

  it('takes the steps of each optimiser as by hand, for a network with one weight', () => {
    for (const optimizer of OPTIMIZERS) {
      const problem = problemOn({ depth: 1, initialization: 'xavier-uniform' }, [[1]], [[3]], {
        iterations: 6,
        optimizer,
      });
      const { losses } = train(problem, trialOf(0.07));
      // no step ends at the minimum, where there is no relative error; the bias starts at 0, and weight and bias have the same gradient: only their sum matters
      let p = 3 - Math.sqrt(losses[0]);
      const states = [startOf(), startOf()];
      const expected = Array.from(losses, () => {
        const residual = p - 3;
        for (const state of states) p += stepOf(optimizer, state, 2 * residual, 0.07);
        return residual * residual;
      });
      expectClose(losses, expected, 1e-4);
    }
  });

  it('has the cross-entropy of one-hot targets, its mean over the examples', () => {
    const inputs = [[0.5], [-1], [2]];
    const targets = [
      [1, 0],
      [0, 1],
      [0, 1],
    ];
    const problem = problemOn({ depth: 1 }, inputs, targets, { loss: 'cross-entropy', iterations: 200 });
    const { losses } = train(problem, trialOf(1e-30));
    const trained = train(problem, trialOf(0.5)).losses;
    expect(losses[199]).toBe(losses[0]);
    expect(trained[0]).toBe(losses[0]);
    expect(trained[199]).toBeLessThan(trained[0]);
    // with no slope in the logits each example costs log 2
    const flat = { ...problem, examples: { ...problem.examples, x: new Float32Array(3) } };
    const zero = { ...flat, network: { ...flat.network, initialization: 'xavier-uniform' as const } };
    expect(train(zero, trialOf(0.1)).losses[0]).toBeCloseTo(Math.log(2), 6);
  });

  it('leaves no tensor behind: as many after 10,000 steps as after one', { timeout: 120_000 }, () => {
    const problem = problemOf({ inputs: 1, width: 1, outputs: 1, depth: 1 }, 2, { batchSize: 1, iterations: 1 });
    const optimizer = { kind: 'momentum', momentum: 0.5 } as const;
    const count = (iterations: number) => {
      const { divergence } = train({ ...problem, iterations, optimizer }, trialOf(0.01));
      expect(divergence).toBeNull();
      return tf.memory().numTensors;
    };
    const before = count(1);
    expect(count(10_000)).toBe(before);
    for (const each of OPTIMIZERS) train({ ...problem, optimizer: each }, trialOf(1e38));
    expect(count(1)).toBe(before);
  });

  it('has no trajectories, and says so', () => {
    expect(() => tfjs.objective({} as never)).toThrow(EdgesweepError);
    expect(() => tfjs.objective({} as never)).toThrow('TensorFlow.js does not support trajectories');
  });
});

const OPTIMIZERS: SearchOptimizer[] = [
  { kind: 'sgd' },
  { kind: 'momentum', momentum: 0.9 },
  { kind: 'nesterov', momentum: 0.9 },
  { kind: 'adam', beta1: 0.8, beta2: 0.99, epsilon: 1e-3 },
];

type State = { v: number; m: number; s: number; t: number };
const startOf = (): State => ({ v: 0, m: 0, s: 0, t: 0 });

/** What one parameter changes by, from the definitions in `shared/optimizer.ts`. */
function stepOf(optimizer: SearchOptimizer, state: State, g: number, stepSize: number): number {
  switch (optimizer.kind) {
    case 'sgd':
      return -stepSize * g;
    case 'momentum':
    case 'nesterov': {
      state.v = optimizer.momentum * state.v + g;
      return -stepSize * (optimizer.kind === 'momentum' ? state.v : g + optimizer.momentum * state.v);
    }
    case 'adam': {
      const { beta1, beta2, epsilon } = optimizer;
      state.t += 1;
      state.m = beta1 * state.m + (1 - beta1) * g;
      state.s = beta2 * state.s + (1 - beta2) * g * g;
      const [m, s] = [state.m / (1 - beta1 ** state.t), state.s / (1 - beta2 ** state.t)];
      return (-stepSize * m) / (Math.sqrt(s) + epsilon);
    }
  }
}

describe('the backend', () => {
  it('is WebAssembly where the native library is missing or does not load, and says why', async () => {
    const missing = Object.assign(new Error('Cannot find package'), { code: 'ERR_MODULE_NOT_FOUND' });
    const not = await chooseBackend(() => Promise.reject(missing));
    expect(not).toMatchObject({ name: 'wasm', why: '@tensorflow/tfjs-node is not installed' });
    const broken = await chooseBackend(() => Promise.reject(new Error('no addon\nat length')));
    expect(broken).toMatchObject({ name: 'wasm', why: expect.stringMatching(/does not work here: no addon$/) });
    expect(await chooseBackend(async () => {})).toMatchObject({ name: 'wasm' });
  });
});
