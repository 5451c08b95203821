import { distributionOf, emptyLayers, initialize, type Layer } from '../initialize.ts';
import { layerShapes, type Problem, type Trial } from '../problem.ts';
import type { Kernel } from './kernel.ts';
import { projectionOf } from './projection.ts';

/** Writes the initial parameters of trials to the kernel, a lane each, those of the last trial to the lanes without one. */
export type Draw = (trials: readonly Trial[]) => void;

/**
 * In the kernel, where all layers are uniform; normal numbers, layers with factors, and the first layer of a reduced problem, are drawn by `initialize`, a trial after
 * the other. The streams of the trials have to be in the kernel.
 */
export function parametersOf(kernel: Kernel, problem: Problem, across: boolean): Draw {
  const { network, reduction } = problem;
  const layers = layerShapes(network).map(({ inputs, outputs }) =>
    distributionOf(network.initialization, inputs, outputs),
  );
  const isPlain = reduction === undefined && network.initialFactors === undefined;
  if (isPlain && layers.every(({ draw }) => draw === 'uniform')) {
    const drawsBiases = network.initialization === 'pytorch-default';
    return () => {
      for (const [l, { scale }] of layers.entries()) kernel.drawLayer(l + 1, scale, drawsBiases);
    };
  }
  const drawn = emptyLayers(network);
  const project = projectionOf(kernel, problem);
  // trials of a map have the same initial parameters
  let last: Trial | undefined;
  return (trials) => {
    for (let lane = 0; lane < (across ? 1 : kernel.lanes); lane++) {
      if (lane < trials.length && !isSameStart(trials[lane], last)) initialize(problem, trials[lane], drawn, project);
      last = trials[Math.min(lane, trials.length - 1)];
      writeWeights(kernel, drawn, lane, across);
    }
  };
}

const isSameStart = (trial: Trial, other: Trial | undefined): boolean =>
  trial.seed === other?.seed && trial.run === other.run && trial.rung === other.rung;

/** Weights lie [input][output] in the kernel, then the biases, networks or units side by side in the lanes. */
function writeWeights(kernel: Kernel, layers: readonly Layer[], lane: number, across: boolean): void {
  layers.forEach(({ inputs, outputs, weights, biases }, l) => {
    const start = kernel.at(kernel.weights(l + 1));
    const row = kernel.lanes * kernel.columns(l + 1);
    const step = across ? 1 : kernel.lanes;
    const target = new Float32Array(kernel.memory, start + 4 * lane, (inputs + 1) * row - lane);
    for (let j = 0; j < outputs; j++) {
      for (let i = 0; i < inputs; i++) target[i * row + step * j] = weights[j * inputs + i];
      target[inputs * row + step * j] = biases[j];
    }
  });
}
