import type { Tensor } from '@tensorflow/tfjs-core';
import type { Activation } from '../../../shared/mod.ts';
import type { Tf } from './backend.ts';

const LEAKY_SLOPE = 0.01;

/** The values alone: TensorFlow.js finds their slopes. */
export const ACTIVATIONS_OF_TFJS: Record<Activation, (tf: Tf, z: Tensor) => Tensor> = {
  linear: (_, z) => z,
  tanh: (tf, z) => tf.tanh(z),
  relu: (tf, z) => tf.relu(z),
  sigmoid: (tf, z) => tf.sigmoid(z),
  'leaky-relu': (tf, z) => tf.leakyRelu(z, LEAKY_SLOPE),
  elu: (tf, z) => tf.elu(z),
  softplus: (tf, z) => tf.softplus(z),
  // z Phi(z), with the error function and not its approximation by tanh
  gelu: (tf, z) => tf.mul(tf.mul(0.5, z), tf.add(1, tf.erf(tf.mul(z, Math.SQRT1_2)))),
};
