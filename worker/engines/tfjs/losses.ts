import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import type { Loss } from '../../../shared/mod.ts';
import type { Tf } from './backend.ts';

/** Of predictions and targets, both (examples x outputs). */
export const LOSSES_OF_TFJS: Record<Loss, (tf: Tf, predictions: Tensor, targets: Tensor) => Scalar> = {
  /** the mean over examples and outputs; the sum is a float32 before it is divided, so that it overflows first */
  mse: (tf, predictions, targets) => tf.div(tf.sum(tf.square(tf.sub(predictions, targets))), targets.size),
  /** predictions are logits, targets probabilities; the mean over examples */
  'cross-entropy': (tf, predictions, targets) =>
    tf.div(tf.neg(tf.sum(tf.mul(targets, tf.logSoftmax(predictions)))), targets.shape[0]),
};
