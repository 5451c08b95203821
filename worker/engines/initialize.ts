import type { Initialization } from '../../shared/mod.ts';
import { normalQuantile, Stream } from '../../shared/random/mod.ts';
import { layerShapes, type Network, type Problem, type Reduction, type Trial } from './problem.ts';

/** Parameters of layer `l` (1 to depth): weights (outputs x inputs, row by row, as in PyTorch) and biases (outputs). */
export type Layer = { inputs: number; outputs: number; weights: Float32Array; biases: Float32Array };

export type Distribution = { draw: 'uniform' | 'normal'; scale: number };

/**
 * Half-width of the uniform, or standard deviation of the normal distribution of the weights.
 *
 * - pytorch-default: nn.Linear's U(-1/sqrt(inputs), 1/sqrt(inputs)), the biases too
 * - xavier-*: Glorot and Bengio 2010, gain 1
 * - kaiming-*: He et al. 2015, gain sqrt(2) (PyTorch's default)
 *
 * The gains do not follow the activation, so that activations are compared on the same initial weights.
 */
export function distributionOf(initialization: Initialization, inputs: number, outputs: number): Distribution {
  switch (initialization) {
    case 'pytorch-default':
      return { draw: 'uniform', scale: 1 / Math.sqrt(inputs) };
    case 'xavier-uniform':
      return { draw: 'uniform', scale: Math.sqrt(6 / (inputs + outputs)) };
    case 'xavier-normal':
      return { draw: 'normal', scale: Math.sqrt(2 / (inputs + outputs)) };
    case 'kaiming-uniform':
      return { draw: 'uniform', scale: Math.sqrt(6 / inputs) };
    case 'kaiming-normal':
      return { draw: 'normal', scale: Math.sqrt(2 / inputs) };
  }
}

function fill(target: Float32Array, { draw, scale }: Distribution, stream: Stream): void {
  for (let i = 0; i < target.length; i++) {
    const u = stream.uniform();
    target[i] = scale * (draw === 'uniform' ? 2 * u - 1 : normalQuantile(u));
  }
}

/**
 * Writes the initial parameters of one trial to `layers`. Values are computed in float64 and rounded to float32 once. Biases are
 * drawn for pytorch-default and 0 otherwise. Part 2l of the trial's initialisation stream gives the weights of layer
 * l = 0, 1, ..., part 2l + 1 its biases. The network's factors multiply the scales. Of a reduced problem the first layer has W Q, W as without the reduction.
 */
export function initialize(
  { network, reduction }: Pick<Problem, 'network' | 'reduction'>,
  { seed, run, rung }: Trial,
  layers: readonly Layer[],
  project: Project = projectPlainly,
): void {
  layers.forEach(({ inputs, outputs, weights, biases }, l) => {
    const reduced = l === 0 ? reduction : undefined;
    const distribution = distributionOf(network.initialization, reduced?.inputs ?? inputs, outputs);
    const factors = network.initialFactors?.[l] ?? { weights: 1, biases: 1 };
    const scaled = (factor: number) => ({ ...distribution, scale: distribution.scale * factor });
    const stream = (part: number) => new Stream({ seed, purpose: 'initialization', run, rung, part });
    if (reduced === undefined) {
      fill(weights, scaled(factors.weights), stream(2 * l));
    } else {
      const all = new Float32Array(outputs * reduced.inputs);
      fill(all, scaled(factors.weights), stream(2 * l));
      project(all, reduced, weights);
    }
    if (network.initialization === 'pytorch-default') fill(biases, scaled(factors.biases), stream(2 * l + 1));
    else biases.fill(0);
  });
}

/**
 * target[j][k] = sum over i ascending of w[j][i] Q[i][k], in float64, rounded once; w (rows x d), target (rows x n). Most of what the
 * initialisation of a reduced problem takes, so an engine may have a faster one.
 */
export type Project = (w: Float32Array, reduction: Reduction, target: Float32Array) => void;

const projectPlainly: Project = (w, { inputs, columns, q }, target) => {
  for (let j = 0; j < w.length / inputs; j++) {
    for (let k = 0; k < columns; k++) {
      const block = (k >> 2) * 4 * inputs + (k & 3);
      let sum = 0;
      for (let i = 0; i < inputs; i++) sum += w[j * inputs + i] * q[block + 4 * i];
      target[j * columns + k] = sum;
    }
  }
};

export function emptyLayers(network: Network): Layer[] {
  return layerShapes(network).map(({ inputs, outputs }) => ({
    inputs,
    outputs,
    weights: new Float32Array(inputs * outputs),
    biases: new Float32Array(outputs),
  }));
}
