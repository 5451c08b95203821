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
import { OBJECTIVE_LOSSES } from '../../../worker/engines/reference/objective-losses.ts';
import { nativeEngines } from '../../support/native.ts';
import { lossAt, outputsAt } from './float64-mlp.ts';
import { classesOf, problemOf, trialOf } from './support.ts';

/** Initial parameters, one after the other. */
function parametersOf({ network }: Problem): Float32Array {
  const layers = emptyLayers(network);
  initialize({ network }, trialOf(0.1), layers);
  return Float32Array.from(layers.flatMap(({ weights, biases }) => [...weights, ...biases]));
}

const unit = (size: number, k: number) => Float32Array.from({ length: size }, (_, i) => (i === k ? 1 : 0));

/** Row by row, by products with the unit vectors. */
function denseHessian(
  objective: Objective,
  layer: 'all' | number,
  matrix?: 'gauss-newton' | undefined,
): Float32Array[] {
  const size = layer === 'all' ? objective.size : objective.blocks[layer].length;
  const directions = Array.from({ length: size }, (_, k) => {
    return { layer, vector: unit(size, k), product: new Float32Array(size), matrix };
  });
  objective.multiply(directions);
  return directions.map(({ product }) => product);
}

function at(w: Float32Array, ...moves: [index: number, by: number][]): Float64Array {
  const moved = Float64Array.from(w);
  for (const [index, by] of moves) moved[index] += by;
  return moved;
}

/** Every NaN is the same. */
const bitsOf = (values: Float32Array) =>
  Buffer.from(values.map((value) => (Number.isNaN(value) ? Number.NaN : value)).buffer);

const FAST = [['simd', engineOf('simd')] as const, ...nativeEngines()];

/** Loss, gradient, products and outputs of the other engines against those of the reference. */
function expectSameBits(problem: Problem, scale = 1): void {
  const w = parametersOf(problem).map((value) => scale * value);
  const results = [referenceObjective(problem), ...FAST.map(([, engine]) => engine.objective(problem))].map(
    (engine) => {
      const slope = new Float32Array(engine.size);
      const value = engine.evaluate(w, slope);
      // one after the other, and more than the kernel takes at once
      const layers = ['all', ...engine.blocks.keys(), 'all', ...engine.blocks.keys()] as const;
      const directions = layers.map((layer, k) => {
        const length = layer === 'all' ? engine.size : engine.blocks[layer].length;
        const vector = Float32Array.from({ length }, (_, i) => Math.fround(Math.sin(i + k + 1)));
        const matrix = k % 2 === 0 ? ('gauss-newton' as const) : undefined;
        return { layer, vector, product: new Float32Array(length), matrix };
      });
      engine.multiply(directions);
      const products = directions.map(({ product }) => product.slice());
      engine.multiply(directions.slice(0, 1));
      const outputs = new Float32Array(problem.examples.y.length);
      engine.outputs(outputs);
      const alone = directions[0].product;
      return [Float32Array.of(value, engine.loss(w)), outputs, slope, ...products, alone].map(bitsOf);
    },
  );
  for (const [i, [name]] of FAST.entries()) {
    const same = results[i + 1].map((bits, k) => bits.equals(results[0][k]));
    expect(same, name).toEqual(same.map(() => true));
  }
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

  it('has the same bits on every engine, whatever the number of examples', () => {
    for (const count of [1, 5, 8, 15, 16, 17]) {
      expectSameBits(problemOf({ activation, inputs: 5, width: 6, outputs: 3, depth: 4 }, count));
    }
  });

  it('has the same bits on every engine where values overflow', () => {
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

// how examples and inputs are divided does not depend on the activation
it.each(['tanh', 'relu'] as const)(
  'the objective has the same bits on every engine over blocks of examples: %s',
  (activation) => {
    expectSameBits(problemOf({ activation, inputs: 5, width: 6, outputs: 3, depth: 4 }, 1301));
  },
);

it.each([
  [256, 3],
  [257, 30],
  [515, 293],
])(
  'the objective has the same bits on every engine where %i inputs come in chunks, of which the last is short',
  (inputs, count) => {
    expectSameBits(problemOf({ activation: 'gelu', inputs, width: 3, outputs: 2, depth: 3 }, count));
    expectSameBits(problemOf({ activation: 'tanh', inputs, outputs: 5, depth: 1 }, count));
  },
);

/** Two classes with a share in each example, and targets that add up to other than 1. */
function unevenClasses(activation: (typeof ACTIVATIONS)[number]): Problem {
  const problem = classesOf({ activation, inputs: 3, width: 3, outputs: 3, depth: 3 }, 6, {}, 0.25);
  problem.examples.y[0] = 0.25;
  return problem;
}

describe.each(['tanh', 'gelu'] as const)('the objective of the cross-entropy, %s', (activation) => {
  const problem = unevenClasses(activation);
  const w = parametersOf(problem);
  const objective = referenceObjective(problem);
  const gradient = new Float32Array(objective.size);
  const loss = objective.evaluate(w, gradient);

  it('has the loss, the gradient and the Hessian of a float64 network', () => {
    expect(loss).toBeCloseTo(lossAt(problem, w), 5);
    const slopeAt = (i: number, from: ArrayLike<number>, h = 1e-5) => {
      const base = Float32Array.from(from);
      return (lossAt(problem, at(base, [i, h])) - lossAt(problem, at(base, [i, -h]))) / (2 * h);
    };
    const expected = gradient.map((_, i) => slopeAt(i, w));
    expect(largest(gradient.map((g, i) => g - expected[i]))).toBeLessThan(3e-6 * largest(expected));
    const hessian = denseHessian(objective, 'all');
    const scale = largest(hessian.flatMap((row) => [...row]));
    const h = 1e-3;
    for (let i = 0; i < objective.size; i++) {
      for (let j = 0; j <= i; j++) {
        expect(Math.abs(hessian[i][j] - hessian[j][i])).toBeLessThan(1e-6 * scale);
        const difference =
          (lossAt(problem, at(w, [i, h], [j, h])) -
            lossAt(problem, at(w, [i, h], [j, -h])) -
            lossAt(problem, at(w, [i, -h], [j, h])) +
            lossAt(problem, at(w, [i, -h], [j, -h]))) /
          (4 * h * h);
        expect(Math.abs(hessian[i][j] - difference)).toBeLessThan(2e-5 * scale);
      }
    }
  });

  it('has the outputs of a float64 network', () => {
    const outputs = new Float32Array(problem.examples.y.length);
    objective.outputs(outputs);
    outputsAt(problem, w).forEach((z, k) => {
      expect(outputs[k]).toBeCloseTo(z, 5);
    });
  });
});

describe.each([
  ['mse', problemOf({ activation: 'tanh', inputs: 3, width: 3, outputs: 2, depth: 3 }, 6)],
  ['cross-entropy', unevenClasses('gelu')],
] as const)('the Gauss-Newton matrix of %s', (kind, problem) => {
  const w = parametersOf(problem);
  const objective = referenceObjective(problem);
  objective.evaluate(w, new Float32Array(objective.size));
  const matrix = denseHessian(objective, 'all', 'gauss-newton');
  const scale = largest(matrix.flatMap((row) => [...row]));

  it("is J' (d2L / dz2) J of a float64 network", () => {
    const { count, outputs, y } = problem.examples;
    const h = 1e-5;
    // d outputs / d w_i
    const jacobian = Array.from(w, (_, i) => {
      const [above, below] = [h, -h].map((by) => outputsAt(problem, at(w, [i, by])));
      return above.map((z, k) => (z - below[k]) / (2 * h));
    });
    const z = outputsAt(problem, w);
    const curvature = Array.from({ length: count }, (_, e) => {
      const rows = z.slice(e * outputs, (e + 1) * outputs);
      const sum = rows.reduce((s, value) => s + Math.exp(value), 0);
      const p = rows.map((value) => Math.exp(value) / sum);
      const mass = y.subarray(e * outputs, (e + 1) * outputs).reduce((s, value) => s + value, 0);
      return (j: number, k: number) =>
        kind === 'mse' ? (j === k ? 2 / (count * outputs) : 0) : (mass / count) * p[j] * (Number(j === k) - p[k]);
    });
    for (let a = 0; a < objective.size; a++) {
      for (let b = 0; b <= a; b++) {
        let expected = 0;
        for (let e = 0; e < count; e++) {
          for (let j = 0; j < outputs; j++) {
            for (let k = 0; k < outputs; k++) {
              expected += jacobian[a][e * outputs + j] * curvature[e](j, k) * jacobian[b][e * outputs + k];
            }
          }
        }
        expect(Math.abs(matrix[a][b] - expected)).toBeLessThan(1e-5 * scale);
        expect(Math.abs(matrix[b][a] - expected)).toBeLessThan(1e-5 * scale);
      }
    }
  });

  it('has diagonal blocks for the layers', () => {
    for (const [layer, { offset, length }] of objective.blocks.entries()) {
      const block = denseHessian(objective, layer, 'gauss-newton');
      for (let i = 0; i < length; i++) {
        for (let j = 0; j < length; j++) {
          expect(Math.abs(block[i][j] - matrix[offset + i][offset + j])).toBeLessThan(1e-6 * scale);
        }
      }
    }
  });
});

it.each(ACTIVATIONS)('the objective of the cross-entropy has the same bits on every engine: %s', (activation) => {
  for (const count of [1, 5, 16, 17, 333]) {
    expectSameBits(classesOf({ activation, inputs: 5, width: 6, outputs: 3, depth: 4 }, count, {}, 0.25));
  }
  expectSameBits(classesOf({ activation, inputs: 300, outputs: 11, depth: 1 }, 30));
  for (const scale of [30, 1e6, 1e19, 1e30]) {
    expectSameBits(classesOf({ activation, inputs: 4, width: 3, outputs: 5, depth: 3 }, 5), scale);
  }
});

it('second derivatives of the cross-entropy are exact where a class is nearly certain', () => {
  const f = Math.fround;
  const logits = [0, 25, -3, 11].map(f);
  const rz = Float32Array.from([0.3, -0.7, 1.9, 0.2]);
  const layer = { y: Float32Array.of(0, 1, 0, 0), kept: new Float32Array(4), delta: new Float32Array(4) };
  const { evaluate, multiply } = OBJECTIVE_LOSSES['cross-entropy'];
  evaluate({ ...layer, z: Float32Array.from(logits) }, 0, 4, 1);
  const rdelta = new Float32Array(4);
  multiply({ ...layer, rz, rdelta }, 0, 4, 1);
  const sum = logits.reduce((s, z) => s + Math.exp(z), 0);
  const p = logits.map((z) => Math.exp(z) / sum);
  // p_j sum_k p_k (rz_j - rz_k): no difference of nearly equal numbers
  for (let j = 0; j < 4; j++) {
    const expected = p[j] * p.reduce((s, share, k) => s + share * (rz[j] - rz[k]), 0);
    expect(Math.abs(rdelta[j] / expected - 1)).toBeLessThan(1e-6);
  }
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
