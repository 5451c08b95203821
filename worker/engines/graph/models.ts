import { type GraphName, imageShape, type Model, modelFacts, pooled } from '../../../shared/mod.ts';
import type { Layer } from '../initialize.ts';
import type { Network } from '../problem.ts';
import { convolution, linear } from './affine.ts';
import type { Arena } from './arena.ts';
import type { Tape, Value } from './tape.ts';

/** A network as operations on the values of an example. Multilayer perceptrons have kernels of their own. */
export type GraphModel = {
  /** records the network; returns its outputs */
  record(tape: Tape, arena: Arena, x: Value, network: Network): Value;
};

export const GRAPH_MODELS: Record<GraphName, GraphModel> = {
  cnn: {
    record(tape, arena, x, { inputs, width, outputs, activation }) {
      const { channels, side } = imageShape(inputs);
      const half = pooled(side);
      const convolve = (h: Value, layer: number, count: number, size: number) => {
        const z = tape.affine(h, layer, convolution(arena, { inputs: count, outputs: width, side: size }));
        return tape.pool(tape.activate(z, activation), width, size);
      };
      const h = convolve(convolve(x, 0, channels, side), 1, width, half);
      return tape.affine(h, 2, linear(arena, { inputs: h.units, outputs }));
    },
  },
};

/** The parameters of any network, still to be initialised. */
export const layersOf = (model: Model, network: Network): Layer[] =>
  modelFacts(model)
    .layers(network)
    .map(({ inputs, outputs, weights, biases }) => ({
      inputs,
      outputs,
      weights: new Float32Array(weights),
      biases: new Float32Array(biases),
    }));
