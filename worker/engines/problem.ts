import type { Activation, Initialization, Loss, Model, SearchOptimizer } from '../../shared/mod.ts';

/** A multilayer perceptron: `depth` weight matrices with biases, the activation after all but the last. */
export type Network = {
  inputs: number;
  /** units of each hidden layer */
  width: number;
  outputs: number;
  /** number of weight matrices; depth 1 has no hidden layer */
  depth: number;
  activation: Activation;
  initialization: Initialization;
  /** of data that are tokens, one-hot over so many */
  vocabulary?: number | undefined;
  /** what initial parameters are multiplied by in each layer; all 1 unless given */
  initialFactors?: readonly LayerFactors[] | undefined;
};

/** Multipliers of what belongs to a layer's weights and to its biases. */
export type LayerFactors = { weights: number; biases: number };

/** Supervised data, row by row: x (count x inputs), y (count x outputs), float32. */
export type Examples = { count: number; inputs: number; outputs: number; x: Float32Array; y: Float32Array };

/**
 * Data that were reduced to n inputs by an orthonormal Q (d x n): the first layer starts from W Q, W the weights that a network of d
 * inputs would start from.
 */
export type Reduction = {
  /** d */
  inputs: number;
  /** n */
  columns: number;
  /** Q in blocks of four columns, [block][row][column of the block], float64; 0 beyond n */
  q: Float64Array;
};

/** Gradient descent on a loss, as PyTorch's losses and optimisers do it. */
export type Problem = {
  network: Network;
  examples: Examples;
  reduction?: Reduction | undefined;
  /** a multilayer perceptron unless given; the images of a convolutional network are channels x side x side, row by row */
  model?: Model | undefined;
  /** the mean squared error unless given; of cross-entropy the targets are probabilities, and the mean is over the examples */
  loss?: Loss | undefined;
  /** plain gradient descent unless given */
  optimizer?: SearchOptimizer;
  /** what the step size of a trial is multiplied by, for the weights and the biases of each layer; all 1 unless given */
  stepFactors?: readonly LayerFactors[] | undefined;
  /** examples a step, 1 to count; at `count` the order is that of the data, below it each pass is shuffled */
  batchSize: number;
  /** steps of one training, each on one batch */
  iterations: number;
  /** a float32 loss that is not <= this is a divergence; at most the largest float32 */
  lossLimit: number;
};

/** One training: which random initialisation and order of examples, and the step size. */
export type Trial = {
  seed: number;
  run: number;
  rung: number;
  stepSize: number;
  /** what the step size is multiplied by in each layer, besides the problem's factors; all 1 unless given */
  layers?: readonly number[];
};

/** The step sizes of each layer in a trial: products in float64, rounded to float32 once. */
export function layerStepSizes(
  { network, stepFactors }: Pick<Problem, 'network' | 'stepFactors'>,
  { stepSize, layers }: Trial,
): LayerFactors[] {
  return Array.from({ length: network.depth }, (_, l) => {
    const size = stepSize * (layers?.[l] ?? 1);
    const { weights, biases } = stepFactors?.[l] ?? { weights: 1, biases: 1 };
    return { weights: Math.fround(size * weights), biases: Math.fround(size * biases) };
  });
}

/** A network, its data, of which every step takes all, and the loss. */
export type FullBatch = Pick<Problem, 'network' | 'examples' | 'model' | 'loss'>;

export function layerShapes({ depth, inputs, width, outputs }: Network): { inputs: number; outputs: number }[] {
  return Array.from({ length: depth }, (_, l) => ({
    inputs: l === 0 ? inputs : width,
    outputs: l === depth - 1 ? outputs : width,
  }));
}
