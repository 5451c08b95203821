import type { Model } from '../../../shared/mod.ts';
import { emptyLayers, type Layer } from '../initialize.ts';
import type { Network } from '../problem.ts';
import { convolution, linear } from './affine.ts';
import type { Arena } from './arena.ts';
import { emptyCnnLayers, imageShape, pooled } from './cnn-layers.ts';
import type { Tape, Value } from './tape.ts';

/** A network as operations on the values of an example. Multilayer perceptrons have kernels of their own. */
export type GraphModel = {
  /** the parameters, still to be initialised; each is a block of the Hessian */
  layers(network: Network): Layer[];
  /** records the network; returns its outputs */
  record(tape: Tape, arena: Arena, x: Value, network: Network): Value;
};

export type GraphName = Exclude<Model, 'mlp'>;

export const GRAPH_MODELS: Record<GraphName, GraphModel> = {
  /** Cohen et al. 2021, appendix A, with averages for maxima: twice a convolution, the activation and an average; then a linear layer. */
  cnn: {
    layers: emptyCnnLayers,
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
  model === 'mlp' ? emptyLayers(network) : GRAPH_MODELS[model].layers(network);
