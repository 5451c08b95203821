import type { Tensor, Tensor2D, Tensor4D, Variable } from '@tensorflow/tfjs-core';
import { imageShape, KERNEL, type Model, POOL, pooled } from '../../../shared/mod.ts';
import { layersOf } from '../graph/models.ts';
import { emptyLayers, type Layer } from '../initialize.ts';
import type { Network } from '../problem.ts';
import { ACTIVATIONS_OF_TFJS } from './activations.ts';
import type { Tf } from './backend.ts';

/** A network in TensorFlow.js's terms. */
export type TfjsModel = {
  /** the parameters, still to be initialised */
  layers(): Layer[];
  /** the weights and the biases of each layer, in the shapes that `predict` takes */
  variables(layers: readonly Layer[]): Variable[];
  /** examples, row by row as our data have them, in the shape that `predict` takes */
  arrange(x: Tensor): Tensor;
  /** examples that a backend has room for at once */
  atOnce: number;
  /** (examples x outputs) */
  predict(x: Tensor, variables: readonly Variable[]): Tensor;
};

/** Numbers of `surroundings` at once, 64 MB; a step has some ten times as much besides, and the memory of WebAssembly has an end. */
const MOST_SURROUNDINGS = 2 ** 24;

export const MODELS_OF_TFJS = { mlp, cnn } satisfies Partial<Record<Model, (tf: Tf, network: Network) => TfjsModel>>;

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
    atOnce: Number.POSITIVE_INFINITY,
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

/** Images have their channels first in our data, and last here, so that a row of a matrix is a pixel. */
function cnn(tf: Tf, network: Network): TfjsModel {
  const { width, outputs } = network;
  const { channels, side } = imageShape(network.inputs);
  const activation = ACTIVATIONS_OF_TFJS[network.activation];
  const convolve = (h: Tensor4D, weights: Variable, biases: Variable): Tensor4D => {
    const z = tf.add(tf.matMul(surroundings(tf, h), weights, false, true), biases);
    const [count, rows, columns] = h.shape;
    const images: Tensor4D = tf.reshape(activation(tf, z), [count, rows, columns, width]);
    return tf.avgPool(images, POOL, POOL, 'valid');
  };
  // (channels out x surroundings), the channel in fastest, as in `surroundings`
  const kernel = ({ weights, inputs }: Layer, channelsIn: number) => {
    const channelLast = tf.transpose(tf.tensor(weights, [width, channelsIn, KERNEL, KERNEL]), [0, 2, 3, 1]);
    return tf.variable(tf.reshape(channelLast, [width, inputs]));
  };
  return {
    layers: () => layersOf('cnn', network),
    variables: (layers) => [
      kernel(layers[0], channels),
      tf.variable(tf.tensor(layers[0].biases)),
      kernel(layers[1], width),
      tf.variable(tf.tensor(layers[1].biases)),
      tf.variable(tf.tensor(layers[2].weights, [outputs, layers[2].inputs])),
      tf.variable(tf.tensor(layers[2].biases)),
    ],
    arrange: (x) => tf.transpose(tf.reshape(x, [-1, channels, side, side]), [0, 2, 3, 1]),
    atOnce: Math.max(1, Math.floor(MOST_SURROUNDINGS / surroundingsOf(channels, side, width))),
    predict(x, [kernel1, biases1, kernel2, biases2, weights, biases]) {
      const h = convolve(convolve(x as Tensor4D, kernel1, biases1), kernel2, biases2);
      const last = pooled(pooled(side));
      // channels first again, as PyTorch's flattening has them
      const flat = tf.reshape(tf.transpose(h, [0, 3, 1, 2]), [-1, width * last * last]);
      return tf.add(tf.matMul(flat, weights, false, true), biases);
    },
  };
}

/** Numbers of the surroundings of one image, in both convolutions. */
const surroundingsOf = (channels: number, side: number, width: number): number =>
  KERNEL ** 2 * (channels * side ** 2 + width * pooled(side) ** 2);

/**
 * What a kernel sees at each pixel, (images rows columns x KERNEL KERNEL channels), 0 outside of the image: a convolution is then a product
 * of matrices. `tf.conv2d` has no gradient for its kernel in WebAssembly, and one in plain JavaScript that is tens of times slower than this.
 */
function surroundings(tf: Tf, h: Tensor4D): Tensor2D {
  const [, rows, columns, channels] = h.shape;
  const border = (KERNEL - 1) / 2;
  const margin: [number, number] = [border, border];
  const wide = tf.pad(h, [[0, 0], margin, margin, [0, 0]]);
  const shifted = Array.from({ length: KERNEL * KERNEL }, (_, k) =>
    tf.slice(wide, [0, Math.floor(k / KERNEL), k % KERNEL, 0], [-1, rows, columns, channels]),
  );
  return tf.reshape(tf.concat(shifted, 3), [-1, KERNEL * KERNEL * channels]);
}
