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
  transformer: { record: (...given) => recordTransformer(true, ...given) },
  'transformer-plain': { record: (...given) => recordTransformer(false, ...given) },
};

/**
 * One causal block (Vaswani et al. 2017; layer normalisation before each part, Xiong et al. 2020): x = embedding + position,
 * x += attention(norm x), x += feed-forward(norm x), logits of norm x at the tokens that something is predicted of.
 */
function recordTransformer(isNormed: boolean, tape: Tape, arena: Arena, x: Value, network: Network): Value {
  const { width, activation, vocabulary = 1 } = network;
  const { tokens, predicted } = tokensOf(network);
  const norm = (value: Value) => (isNormed ? tape.normalize(value, width) : value);
  const apply = (value: Value, layer: number, inputs: number, outputs: number) =>
    tape.affine(value, layer, linear(arena, { inputs, outputs, tokens }));
  const embedding = linear(arena, { inputs: vocabulary, outputs: width, tokens, own: true });
  const begun = tape.affine(x, 0, embedding);
  const attended = tape.attend(apply(norm(begun), 1, width, 3 * width), { tokens, heads: HEADS, width });
  const middle = tape.add(begun, apply(attended, 2, width, width));
  const hidden = tape.activate(apply(norm(middle), 3, width, FEED_FORWARD * width), activation);
  const last = tape.add(middle, apply(hidden, 4, FEED_FORWARD * width, width));
  const logits = linear(arena, { inputs: width, outputs: vocabulary, tokens: predicted, from: tokens - predicted });
  return tape.affine(norm(last), 5, logits);
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
