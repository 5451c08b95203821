import type { Activation } from '../../../shared/mod.ts';
import { emptyLayers, initialize, type Problem, type Trial } from '../../../worker/engines/mod.ts';
import * as oracle from '../../accuracy/functions/oracle.ts';

export const FUNCTIONS: Record<Activation, (z: number) => number> = {
  linear: (z) => z,
  tanh: Math.tanh,
  relu: (z) => Math.max(z, 0),
  sigmoid: oracle.sigmoid,
  'leaky-relu': (z) => (z < 0 ? Math.fround(0.01) * z : z),
  elu: (z) => (z > 0 ? z : Math.expm1(z)),
  softplus: oracle.softplus,
  gelu: oracle.gelu,
  silu: oracle.silu,
};

type Parameters = { inputs: number; outputs: number; weights: Float64Array; biases: Float64Array }[];

/** The problem's loss over the given examples, in float64. */
function loss(
  { network, examples, loss: kind = 'mse' }: Problem,
  layers: Parameters,
  batch: readonly number[],
): number {
  let sum = 0;
  for (const example of batch) {
    const h = outputsOf({ network, examples }, layers, example);
    const y = Array.from(examples.y.subarray(example * network.outputs, (example + 1) * network.outputs));
    sum += kind === 'mse' ? h.reduce((s, value, o) => s + (value - y[o]) ** 2, 0) : crossEntropy(h, y);
  }
  return sum / (batch.length * (kind === 'mse' ? network.outputs : 1));
}

/** What the network makes of an example. */
function outputsOf(
  { network, examples }: Pick<Problem, 'network' | 'examples'>,
  layers: Parameters,
  example: number,
): number[] {
  let h = Array.from(examples.x.subarray(example * network.inputs, (example + 1) * network.inputs));
  layers.forEach(({ inputs, outputs, weights, biases }, l) => {
    const z = Array.from({ length: outputs }, (_, j) =>
      h.reduce((s, value, i) => s + value * weights[j * inputs + i], biases[j]),
    );
    h = l < layers.length - 1 ? z.map(FUNCTIONS[network.activation]) : z;
  });
  return h;
}

/** - sum_j y_j log softmax(z)_j */
export function crossEntropy(z: readonly number[], y: readonly number[]): number {
  const largest = Math.max(...z);
  const logSum = largest + Math.log(z.reduce((s, value) => s + Math.exp(value - largest), 0));
  return y.reduce((s, probability, j) => s + probability * (logSum - z[j]), 0);
}

/** The gradient by central differences: the relative error is about 1e-9, and no derivative is written down anywhere. */
function gradient(problem: Problem, layers: Parameters, batch: readonly number[]): Float64Array[] {
  return layers
    .flatMap(({ weights, biases }) => [weights, biases])
    .map((values) =>
      values.map((value, i) => {
        const h = 1e-5 * Math.max(1, Math.abs(value));
        const at = (x: number): number => {
          values[i] = x;
          const result = loss(problem, layers, batch);
          values[i] = value;
          return result;
        };
        return (at(value + h) - at(value - h)) / (2 * h);
      }),
    );
}

/** The losses of a training in float64, on the whole data each step, from the initial values that the engines start at. */
export function trainInFloat64(problem: Problem, trial: Trial): number[] {
  const initial = emptyLayers(problem.network);
  initialize(problem, trial, initial);
  const layers = initial.map(({ inputs, outputs, weights, biases }) => ({
    inputs,
    outputs,
    weights: Float64Array.from(weights),
    biases: Float64Array.from(biases),
  }));
  const batch = Array.from({ length: problem.examples.count }, (_, i) => i);
  const { kind, momentum } = { kind: 'sgd', momentum: 0, ...problem.optimizer };
  const velocities: Float64Array[] = [];
  return Array.from({ length: problem.iterations }, () => {
    const before = loss(problem, layers, batch);
    const slopes = gradient(problem, layers, batch);
    layers
      .flatMap(({ weights, biases }) => [weights, biases])
      .forEach((values, k) => {
        velocities[k] ??= values.map(() => 0);
        values.forEach((_, i) => {
          const g = slopes[k][i];
          velocities[k][i] = momentum * velocities[k][i] + g;
          const direction = kind === 'nesterov' ? g + momentum * velocities[k][i] : velocities[k][i];
          values[i] -= trial.stepSize * direction;
        });
      });
    return before;
  });
}

/** The loss over all examples at parameters in the order of PyTorch's `parameters()`, in float64. */
export function lossAt(problem: Problem, w: ArrayLike<number>): number {
  return loss(problem, layersAt(problem, w), everyExample(problem));
}

/** The outputs of all examples there, one after the other. */
export function outputsAt(problem: Problem, w: ArrayLike<number>): number[] {
  const layers = layersAt(problem, w);
  return everyExample(problem).flatMap((example) => outputsOf(problem, layers, example));
}

const everyExample = ({ examples }: Problem): number[] => Array.from({ length: examples.count }, (_, e) => e);

function layersAt({ network }: Problem, w: ArrayLike<number>): Parameters {
  let offset = 0;
  const take = (length: number) => {
    offset += length;
    return Float64Array.from({ length }, (_, i) => w[offset - length + i]);
  };
  return emptyLayers(network).map(({ inputs, outputs }) => {
    return { inputs, outputs, weights: take(inputs * outputs), biases: take(outputs) };
  });
}
