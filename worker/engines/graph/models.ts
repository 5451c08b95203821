import {
  FEED_FORWARD,
  type GraphName,
  HEADS,
  imageShape,
  type Model,
  modelFacts,
  pooled,
  tokensOf,
} from '../../../shared/mod.ts';
import type { Layer } from '../initialize.ts';
import type { Network } from '../problem.ts';
import { affine } from './affine.ts';
import { attend } from './attention.ts';
import { convolution } from './convolution.ts';
import { linear } from './linear.ts';
import { activate, add, normalize, pool } from './pointwise.ts';
import type { Tape, Value } from './tape.ts';

/** A network as operations on the values of an example. Multilayer perceptrons have kernels of their own. */
export type GraphModel = {
  /** records the network; returns its outputs */
  record(tape: Tape, x: Value, network: Network): Value;
};

export const GRAPH_MODELS: Record<GraphName, GraphModel> = {
  cnn: {
    record(tape, x, { inputs, width, outputs, activation }) {
      const { channels, side } = imageShape(inputs);
      const half = pooled(side);
      const convolve = (h: Value, layer: number, count: number, size: number) => {
        const z = affine(tape, h, layer, convolution({ inputs: count, outputs: width, side: size }));
        return pool(tape, activate(tape, z, activation), width, size);
      };
      const h = convolve(convolve(x, 0, channels, side), 1, width, half);
      return affine(tape, h, 2, linear({ inputs: h.units, outputs }));
    },
  },
  transformer: { record: (...given) => recordTransformer(true, ...given) },
  'transformer-plain': { record: (...given) => recordTransformer(false, ...given) },
};

/**
 * One causal block (Vaswani et al. 2017; layer normalisation before each part, Xiong et al. 2020): x = embedding + position,
 * x += attention(norm x), x += feed-forward(norm x), logits of norm x at the tokens that something is predicted of.
 */
function recordTransformer(isNormed: boolean, tape: Tape, x: Value, network: Network): Value {
  const { width, activation, vocabulary = 1 } = network;
  const { tokens, predicted } = tokensOf(network);
  const norm = (value: Value) => (isNormed ? normalize(tape, value, width) : value);
  const apply = (value: Value, layer: number, inputs: number, outputs: number) =>
    affine(tape, value, layer, linear({ inputs, outputs, tokens }));
  const begun = affine(tape, x, 0, linear({ inputs: vocabulary, outputs: width, tokens, own: true }));
  const attended = attend(tape, apply(norm(begun), 1, width, 3 * width), { tokens, heads: HEADS, width });
  const middle = add(tape, begun, apply(attended, 2, width, width));
  const hidden = activate(tape, apply(norm(middle), 3, width, FEED_FORWARD * width), activation);
  const last = add(tape, middle, apply(hidden, 4, FEED_FORWARD * width, width));
  const logits = linear({ inputs: width, outputs: vocabulary, tokens: predicted, from: tokens - predicted });
  return affine(tape, norm(last), 5, logits);
}

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
