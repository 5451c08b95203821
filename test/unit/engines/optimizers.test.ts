import { describe, expect, it } from 'vitest';
import { EdgesweepError, ENGINES, type Optimizer } from '../../../shared/mod.ts';
import { emptyLayers, engineOf, initialize, type Problem, type Trial } from '../../../worker/engines/mod.ts';
import { reduceToRowSpace } from '../../../worker/experiments/row-space.ts';
import { trainInFloat64 } from './float64-mlp.ts';
import { problemOf, problemOn, trialOf } from './support.ts';

const f = Math.fround;
const MOMENTUM: Optimizer = { kind: 'momentum', momentum: 0.9 };
const NESTEROV: Optimizer = { kind: 'nesterov', momentum: 0.9 };
const BOTH = [MOMENTUM, NESTEROV];
const FOUR = [0, 1, 2, 3].map((rung) => trialOf(0.01, rung));

const train = (problem: Problem, ...trials: Trial[]) => engineOf('reference').prepare(problem).train(trials);
const expectAgreement = (problem: Problem, trials: readonly Trial[] = FOUR) => {
  expect(engineOf('simd').prepare(problem).train(trials)).toEqual(train(problem, ...trials));
};

describe.each(BOTH)('$kind', (optimizer) => {
  it('does the steps of a network with one weight as by hand', () => {
    const problem = problemOn({ depth: 1 }, [[1.5]], [[-0.7]], { iterations: 5, optimizer });
    const layers = emptyLayers(problem.network);
    initialize(problem, trialOf(0.05), layers);
    const [eta, mu] = [f(0.05), f(0.9)];
    const step = (value: number, velocity: number, g: number) => {
      const v = f(f(mu * velocity) + g);
      const direction = optimizer.kind === 'nesterov' ? f(g + f(mu * v)) : v;
      return [f(value - f(eta * direction)), v];
    };
    let [w, b, vw, vb] = [layers[0].weights[0], layers[0].biases[0], 0, 0];
    const expected = Array.from({ length: 5 }, () => {
      const residual = f(f(b + f(1.5 * w)) - f(-0.7));
      const delta = f(2 * residual);
      [w, vw] = step(w, vw, f(delta * 1.5));
      [b, vb] = step(b, vb, delta);
      return f(residual * residual);
    });
    for (const engine of ENGINES) {
      expect([
        ...engineOf(engine)
          .prepare(problem)
          .train([trialOf(0.05)])[0].losses,
      ]).toEqual(expected);
    }
  });

  it('follows the same training in float64 with differences for gradients', () => {
    for (const depth of [1, 3]) {
      const problem = problemOf({ depth }, 8, { iterations: 12, optimizer });
      const [{ losses }] = train(problem, trialOf(0.05));
      trainInFloat64(problem, trialOf(0.05)).forEach((loss, t) => {
        expect(Math.abs(losses[t] / loss - 1)).toBeLessThan(2e-5);
      });
    }
  });

  it('agrees on both engines: inputs in chunks, blocks of examples, ragged and single batches', () => {
    for (const batchSize of [9, 4, 1]) {
      expectAgreement(problemOf({ inputs: 301, width: 20 }, 9, { batchSize, iterations: 5, optimizer }));
    }
    expectAgreement(problemOf({ width: 70, depth: 8 }, 301, { batchSize: 200, iterations: 5, optimizer }));
  });

  it('agrees on both engines on data reduced to their row space', () => {
    const problem = problemOf({ inputs: 60 }, 21, { batchSize: 5, iterations: 30, optimizer });
    const { examples, reduction } = reduceToRowSpace(problem.examples);
    expectAgreement({ ...problem, network: { ...problem.network, inputs: examples.inputs }, examples, reduction });
  });

  it('agrees on both engines where it diverges, and does', () => {
    const problem = problemOf({ activation: 'linear' }, 10, { iterations: 300, optimizer });
    const trials = FOUR.map((trial) => ({ ...trial, stepSize: 30 ** (trial.rung - 2) }));
    expectAgreement(problem, trials);
    const last = train(problem, ...trials).at(-1);
    expect(last?.divergence).not.toBeNull();
  });

  it.each(ENGINES)('starts each trial at rest: %s', (engine) => {
    const trainer = engineOf(engine).prepare(problemOf({}, 10, { optimizer, iterations: 9 }));
    const first = trainer.train(FOUR);
    trainer.train([trialOf(1e30, 7)]);
    expect(trainer.train(FOUR)).toEqual(first);
  });
});

it('plain gradient descent, named or not, is what it is after a training with momentum', () => {
  const problem = problemOf({}, 10, { batchSize: 3 });
  const expected = train(problem, ...FOUR);
  const withOptimizer = (rest: Partial<Problem>) =>
    engineOf('simd')
      .prepare({ ...problem, ...rest })
      .train(FOUR);
  expect(withOptimizer({ optimizer: MOMENTUM })).not.toEqual(expected);
  expect(withOptimizer({ optimizer: { kind: 'sgd' } })).toEqual(expected);
  withOptimizer({ optimizer: NESTEROV });
  expect(withOptimizer({})).toEqual(expected);
});

it.each(ENGINES)('what only another engine has is refused: %s', (engine) => {
  const adam: Optimizer = { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
  const prepare = () => engineOf(engine).prepare(problemOf({}, 3, { optimizer: adam }));
  expect(prepare).toThrow(EdgesweepError);
  expect(prepare).toThrow(expect.objectContaining({ code: 'USAGE' }));
});
