import type { Tensor, Tensor4D, Variable } from '@tensorflow/tfjs-core';
import type { Model } from '../../../shared/mod.ts';
import type { Network } from '../engine.ts';
import { emptyLayers, type Layer } from '../initialize.ts';
import { ACTIVATIONS_OF_TFJS } from './activations.ts';
import type { Tf } from './backend.ts';
import { emptyCnnLayers, imageShape, KERNEL, POOL, pooled } from './cnn-layers.ts';

/** A network in TensorFlow.js's terms. */
export type TfjsModel = {
  /** the parameters, still to be initialised */
  layers(): Layer[];
  /** the weights and the biases of each layer, in the shapes that `predict` takes */
  variables(layers: readonly Layer[]): Variable[];
  /** examples, row by row as our data have them, in the shape that `predict` takes */
  arrange(x: Tensor): Tensor;
  /** (examples x outputs) */
  predict(x: Tensor, variables: readonly Variable[]): Tensor;
};

export const MODELS_OF_TFJS: Record<Model, (tf: Tf, network: Network) => TfjsModel> = { mlp, cnn };

function mlp(tf: Tf, network: Network): TfjsModel {
  const activation = ACTIVATIONS_OF_TFJS[network.activation];
  return {
    layers: () => emptyLayers(network),
    variables: (layers) =>
      layers.flatMap(({ inputs, outputs, weights, biases }) => [
        tf.variable(tf.tensor(weights, [outputs, inputs])),
        tf.variable(tf.tensor(biases)),
      ]),
    arrange: (x) => x,
    predict(x, variables) {
      let h = x;
      for (let l = 0; l < variables.length; l += 2) {
        const z = tf.add(tf.matMul(h, variables[l], false, true), variables[l + 1]);
        h = l + 2 < variables.length ? activation(tf, z) : z;
      }
      return h;
    },
  };
}

/** Images have their channels first in our data, and last in what every backend can convolve. */
function cnn(tf: Tf, network: Network): TfjsModel {
  const { width, outputs } = network;
  const { channels, side } = imageShape(network.inputs);
  const activation = ACTIVATIONS_OF_TFJS[network.activation];
  const convolve = (h: Tensor, weights: Variable, biases: Variable): Tensor => {
    const z = tf.add(tf.conv2d(h as Tensor4D, weights as unknown as Tensor4D, 1, 'same'), biases);
    return tf.avgPool(activation(tf, z) as Tensor4D, POOL, POOL, 'valid');
  };
  const kernel = ({ weights }: Layer, channelsIn: number) =>
    tf.variable(tf.transpose(tf.tensor(weights, [width, channelsIn, KERNEL, KERNEL]), [2, 3, 1, 0]));
  return {
    layers: () => emptyCnnLayers(network),
    variables: (layers) => [
      kernel(layers[0], channels),
      tf.variable(tf.tensor(layers[0].biases)),
      kernel(layers[1], width),
      tf.variable(tf.tensor(layers[1].biases)),
      tf.variable(tf.tensor(layers[2].weights, [outputs, layers[2].inputs])),
      tf.variable(tf.tensor(layers[2].biases)),
    ],
    arrange: (x) => tf.transpose(tf.reshape(x, [-1, channels, side, side]), [0, 2, 3, 1]),
    predict(x, [kernel1, biases1, kernel2, biases2, weights, biases]) {
      const h = convolve(convolve(x, kernel1, biases1), kernel2, biases2);
      const last = pooled(pooled(side));
      // channels first again, as PyTorch's flattening has them
      const flat = tf.reshape(tf.transpose(h, [0, 3, 1, 2]), [-1, width * last * last]);
      return tf.add(tf.matMul(flat, weights, false, true), biases);
    },
  };
}
