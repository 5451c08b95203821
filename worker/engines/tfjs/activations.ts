import type { GradSaveFunc, Tensor } from '@tensorflow/tfjs-core';
import type { Activation } from '../../../shared/mod.ts';
import type { Tf } from './backend.ts';

const LEAKY_SLOPE = 0.01;

/** The values alone, except for ReLU: TensorFlow.js finds their slopes. */
export const ACTIVATIONS_OF_TFJS: Record<Activation, (tf: Tf, z: Tensor) => Tensor> = {
  linear: (_, z) => z,
  tanh: (tf, z) => tf.tanh(z),
  relu,
  sigmoid: (tf, z) => tf.sigmoid(z),
  'leaky-relu': (tf, z) => tf.leakyRelu(z, LEAKY_SLOPE),
  elu: (tf, z) => tf.elu(z),
  softplus: (tf, z) => tf.softplus(z),
  // z Phi(z), with the error function and not its approximation by tanh
  gelu: (tf, z) => tf.mul(tf.mul(0.5, z), tf.add(1, tf.erf(tf.mul(z, Math.SQRT1_2)))),
  silu: (tf, z) => tf.mul(z, tf.sigmoid(z)),
};

/**
 * ReLU whose unit that is off passes 0 on whatever the gradient, as in PyTorch and our engines. TensorFlow.js multiplies the
 * gradient by 0 instead, which makes NaN of an infinite one, and a divergence of a training that comes down again.
 */
function relu(tf: Tf, z: Tensor): Tensor {
  const on = tf.customGrad((...given) => {
    const [input, save] = given as [Tensor, GradSaveFunc];
    const value = tf.relu(input);
    save([value]);
    const gradFunc = (delta: Tensor, [h]: Tensor[]) => tf.where(tf.greater(h, 0), delta, tf.zerosLike(delta));
    return { value, gradFunc };
  });
  return on(z);
}
