import type { NamedTensorMap, Scalar, Tensor, Variable } from '@tensorflow/tfjs-core';
import type { Tf } from './backend.ts';
import type { LOSSES_OF_TFJS } from './losses.ts';
import type { TfjsModel } from './models.ts';

export type Batch = { x: Tensor; y: Tensor };
export type Gradients = { value: Scalar; grads: NamedTensorMap };

/**
 * The loss of a batch and its gradients, by the variables' names. A batch that is larger than the model takes at once is passed in
 * blocks: the loss is a mean over examples, so each block counts by its share of them.
 */
export function gradientsOf(
  tf: Tf,
  model: TfjsModel,
  variables: Variable[],
  lossOf: (typeof LOSSES_OF_TFJS)[keyof typeof LOSSES_OF_TFJS],
  { x, y }: Batch,
): Gradients {
  const count = y.shape[0];
  if (count <= model.atOnce) return tf.variableGrads(() => lossOf(tf, model.predict(x, variables), y), variables);
  let total: Gradients | undefined;
  for (let first = 0; first < count; first += model.atOnce) {
    const size = Math.min(model.atOnce, count - first);
    const before = total;
    total = tf.tidy(() => {
      const [blockX, blockY] = [x, y].map((rows) => tf.slice(rows, first, size));
      const part = tf.variableGrads(
        () => tf.mul(lossOf(tf, model.predict(blockX, variables), blockY), size / count),
        variables,
      );
      return before === undefined ? part : sumOf(tf, before, part);
    });
    if (before !== undefined) tf.dispose([before.value, ...Object.values(before.grads)]);
  }
  return total as Gradients;
}

function sumOf(tf: Tf, a: Gradients, b: Gradients): Gradients {
  const grads = Object.entries(a.grads).map(([name, gradient]) => [name, tf.add(gradient, b.grads[name])]);
  return { value: tf.add(a.value, b.value), grads: Object.fromEntries(grads) };
}
