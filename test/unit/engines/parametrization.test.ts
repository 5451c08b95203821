import { describe, expect, it } from 'vitest';
import { layerFactors, type Parametrization } from '../../../shared/mod.ts';
import { emptyLayers, engineOf, initialize, layerShapes, type Problem } from '../../../worker/engines/mod.ts';
import { problemOf, trialOf } from './support.ts';

type Multipliers = { weights: number; biases: number }[];

/**
 * Losses of a tanh network whose layers are m W h + c b with parameters W and b, all trained with one step size, in float64. W starts
 * where m W is the initial weight that the factors give; the gradient is written out here.
 */
function trainWithMultipliers(problem: Problem, stepSize: number, multipliers: Multipliers): number[] {
  const { network, examples, iterations } = problem;
  const layers = emptyLayers(network);
  initialize(problem, trialOf(stepSize), layers);
  const parameters = layers.map(({ weights, biases }, l) => ({
    W: Array.from(weights, (value) => value / multipliers[l].weights),
    b: Array.from(biases, (value) => value / multipliers[l].biases),
  }));
  const shapes = layerShapes(network);
  return Array.from({ length: iterations }, () => {
    const slopes = parameters.map(({ W, b }) => ({ W: W.map(() => 0), b: b.map(() => 0) }));
    let sum = 0;
    const terms = examples.count * examples.outputs;
    for (let e = 0; e < examples.count; e++) {
      const h = [Array.from(examples.x.subarray(e * network.inputs, (e + 1) * network.inputs))];
      shapes.forEach(({ inputs, outputs }, l) => {
        const { W, b } = parameters[l];
        const z = Array.from({ length: outputs }, (_, j) =>
          h[l].reduce(
            (s, value, i) => s + multipliers[l].weights * W[j * inputs + i] * value,
            multipliers[l].biases * b[j],
          ),
        );
        h.push(l < shapes.length - 1 ? z.map(Math.tanh) : z);
      });
      const residuals = h[shapes.length].map((value, o) => value - examples.y[e * network.outputs + o]);
      sum += residuals.reduce((s, r) => s + r * r, 0);
      let deltas = residuals.map((r) => (2 * r) / terms);
      for (let l = shapes.length - 1; l >= 0; l--) {
        const { inputs } = shapes[l];
        const { weights: m, biases: c } = multipliers[l];
        deltas.forEach((delta, j) => {
          slopes[l].b[j] += c * delta;
          h[l].forEach((value, i) => {
            slopes[l].W[j * inputs + i] += m * delta * value;
          });
        });
        deltas = h[l].map(
          (value, i) =>
            deltas.reduce((s, delta, j) => s + m * parameters[l].W[j * inputs + i] * delta, 0) * (1 - value * value),
        );
      }
    }
    parameters.forEach(({ W, b }, l) => {
      slopes[l].W.forEach((slope, k) => {
        W[k] -= stepSize * slope;
      });
      slopes[l].b.forEach((slope, k) => {
        b[k] -= stepSize * slope;
      });
    });
    return sum / terms;
  });
}

function withFactors(problem: Problem, parametrization: Parametrization): Problem {
  const factors = layerFactors(layerShapes(problem.network), parametrization);
  return {
    ...problem,
    network: { ...problem.network, initialFactors: factors.map(({ initialScales }) => initialScales) },
    stepFactors: factors.map(({ stepSizes }) => stepSizes),
  };
}

describe('parametrisations are the training of a network with multipliers', () => {
  const width = 6;
  const plain = problemOf({ width, depth: 3, inputs: 4, initialization: 'kaiming-normal' }, 12, { iterations: 25 });
  it.each<[Parametrization, number, number, Multipliers]>([
    ['standard', 0.4, 0.4, [1, 1, 1].map((m) => ({ weights: m, biases: 1 }))],
    // NTK: 1 / sqrt(inputs) at every layer
    ['ntk', 1.5, 1.5, [4, width, width].map((inputs) => ({ weights: 1 / Math.sqrt(inputs), biases: 1 }))],
    // muP: 1 / n at the output, the step size multiplied by n, and the output's bias beside a multiplier 1 / sqrt(n)
    [
      'mup',
      0.8,
      0.8 * width,
      [
        { weights: 1 / Math.sqrt(4), biases: 1 },
        { weights: 1 / Math.sqrt(width), biases: 1 },
        { weights: 1 / width, biases: 1 / Math.sqrt(width) },
      ],
    ],
  ])('%s', (parametrization, stepSize, ofParameters, multipliers) => {
    const problem = withFactors(plain, parametrization);
    const [{ losses }] = engineOf('reference')
      .prepare(problem)
      .trainAll([trialOf(stepSize)]);
    const expected = trainWithMultipliers(problem, ofParameters, multipliers);
    expect(expected.at(-1)).toBeLessThan(0.9 * expected[0]);
    losses.forEach((loss, t) => {
      expect(Math.abs(loss / expected[t] - 1), `iteration ${t + 1}`).toBeLessThan(1e-3);
    });
  });
});

describe('layers', () => {
  it('without biases keep them at 0', () => {
    const [first] = layerFactors([{ inputs: 3, outputs: 5 }], 'standard', { biases: 'none', stepSizes: [2] });
    expect(first).toEqual({ stepSizes: { weights: 2, biases: 0 }, initialScales: { weights: 1, biases: 0 } });
  });
});
