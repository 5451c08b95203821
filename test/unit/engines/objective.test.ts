import { describe, expect, it } from 'vitest';
import { ACTIVATIONS } from '../../../shared/mod.ts';
import {
  emptyLayers,
  engineOf,
  initialize,
  type Objective,
  type Problem,
  referenceObjective,
} from '../../../worker/engines/mod.ts';
import { lossAt } from './float64-mlp.ts';
import { problemOf, trialOf } from './support.ts';

/** Initial parameters, one after the other. */
function parametersOf({ network }: Problem): Float32Array {
  const layers = emptyLayers(network);
  initialize({ network }, trialOf(0.1), layers);
  return Float32Array.from(layers.flatMap(({ weights, biases }) => [...weights, ...biases]));
}

const unit = (size: number, k: number) => Float32Array.from({ length: size }, (_, i) => (i === k ? 1 : 0));

/** Row by row, by products with the unit vectors. */
function denseHessian(objective: Objective, layer: 'all' | number): Float32Array[] {
  const size = layer === 'all' ? objective.size : objective.blocks[layer].length;
  const directions = Array.from({ length: size }, (_, k) => {
    return { layer, vector: unit(size, k), product: new Float32Array(size) };
  });
  objective.multiply(directions);
  return directions.map(({ product }) => product);
}

function at(w: Float32Array, ...moves: [index: number, by: number][]): Float64Array {
  const moved = Float64Array.from(w);
  for (const [index, by] of moves) moved[index] += by;
  return moved;
}

/** Loss, gradient and products of the simd engine against those of the reference. */
function expectSameBits(problem: Problem, scale = 1): void {
  const w = parametersOf(problem).map((value) => scale * value);
  const results = [referenceObjective(problem), engineOf('simd').objective(problem)].map((engine) => {
    const slope = new Float32Array(engine.size);
    const value = engine.evaluate(w, slope);
    // one after the other, and more than the kernel takes at once
    const layers = ['all', ...engine.blocks.keys(), 'all', ...engine.blocks.keys()] as const;
    const directions = layers.map((layer, k) => {
      const length = layer === 'all' ? engine.size : engine.blocks[layer].length;
      const vector = Float32Array.from({ length }, (_, i) => Math.fround(Math.sin(i + k + 1)));
      return { layer, vector, product: new Float32Array(length) };
    });
    engine.multiply(directions);
    const products = directions.map(({ product }) => product.slice());
    engine.multiply(directions.slice(0, 1));
    return { value, only: engine.loss(w), slope, products, alone: directions[0].product };
  });
  expect(results[1]).toEqual(results[0]);
}

const largest = (values: Iterable<number>) => Math.max(...[...values].map(Math.abs));

describe.each(ACTIVATIONS)('the objective, %s', (activation) => {
  // 6 examples: two of the four partial sums have one more
  const problem = problemOf({ activation, inputs: 3, width: 3, outputs: 2, depth: 3 }, 6);
  const w = parametersOf(problem);
  const objective = referenceObjective(problem);
  const gradient = new Float32Array(objective.size);
  const loss = objective.evaluate(w, gradient);

  it('has the loss and the gradient of a float64 network', () => {
    expect(loss).toBeCloseTo(lossAt(problem, w), 5);
    expect(objective.loss(w)).toBe(loss);
    objective.evaluate(w, gradient);
    const h = 1e-5;
    const expected = gradient.map(
      (_, i) => (lossAt(problem, at(w, [i, h])) - lossAt(problem, at(w, [i, -h]))) / (2 * h),
    );
    const bound = 3e-6 * largest(expected);
    expect(largest(gradient.map((g, i) => g - expected[i]))).toBeLessThan(bound);
  });

  it('has the Hessian of a float64 network, symmetric but for rounding', () => {
    const hessian = denseHessian(objective, 'all');
    // small where the step might cross a kink, at the cost of rounding
    const h = activation.endsWith('relu') ? 1e-5 : 1e-3;
    const scale = largest(hessian.flatMap((row) => [...row]));
    const difference = (i: number, j: number) =>
      (lossAt(problem, at(w, [i, h], [j, h])) -
        lossAt(problem, at(w, [i, h], [j, -h])) -
        lossAt(problem, at(w, [i, -h], [j, h])) +
        lossAt(problem, at(w, [i, -h], [j, -h]))) /
      (4 * h * h);
    for (let i = 0; i < objective.size; i++) {
      for (let j = 0; j <= i; j++) {
        expect(Math.abs(hessian[i][j] - hessian[j][i])).toBeLessThan(1e-6 * scale);
        expect(Math.abs(hessian[i][j] - difference(i, j))).toBeLessThan(2e-5 * scale);
      }
    }
  });

  it('has the same bits on the simd engine, whatever the number of examples, and over blocks of them', () => {
    for (const count of [1, 5, 8, 15, 16, 17, 1301]) {
      expectSameBits(problemOf({ activation, inputs: 5, width: 6, outputs: 3, depth: 4 }, count));
    }
  });

  it('has the same bits on the simd engine where inputs come in chunks, of which the last is short', () => {
    for (const [inputs, count] of [
      [256, 3],
      [257, 30],
      [515, 293],
    ]) {
      expectSameBits(problemOf({ activation, inputs, width: 3, outputs: 2, depth: 3 }, count));
      expectSameBits(problemOf({ activation, inputs, outputs: 5, depth: 1 }, count));
    }
  });

  it('has the same bits on the simd engine where values overflow', () => {
    for (const scale of [1e6, 1e12, 1e19, 1e30]) {
      expectSameBits(problemOf({ activation, inputs: 4, width: 3, outputs: 2, depth: 3 }, 5), scale);
    }
  });

  it('has the diagonal blocks of the Hessian for the layers', () => {
    const hessian = denseHessian(objective, 'all');
    const scale = largest(hessian.flatMap((row) => [...row]));
    for (const [layer, { offset, length }] of objective.blocks.entries()) {
      const block = denseHessian(objective, layer);
      for (let i = 0; i < length; i++) {
        for (let j = 0; j < length; j++) {
          expect(Math.abs(block[i][j] - hessian[offset + i][offset + j])).toBeLessThan(1e-6 * scale);
        }
      }
    }
  });
});

it('a repeated example that fills the lanes counts for nothing', () => {
  const problem = problemOf({ activation: 'tanh', depth: 2 }, 8);
  const { examples } = problem;
  const first = { ...examples, count: 5, x: examples.x.slice(0, 15), y: examples.y.slice(0, 10) };
  const objective = referenceObjective({ network: problem.network, examples: first });
  const w = parametersOf(problem);
  const gradient = new Float32Array(objective.size);
  expect(objective.evaluate(w, gradient)).toBeCloseTo(lossAt({ ...problem, examples: first }, w), 5);
});
