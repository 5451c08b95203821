import type { Optimizer as TfjsOptimizer } from '@tensorflow/tfjs-core';
import type { SearchOptimizer } from '../../../shared/mod.ts';
import type { Tf } from './backend.ts';

/** The optimisers of TensorFlow.js compute as `shared/optimizer.ts` says. */
export function optimizerOf(tf: Tf, optimizer: SearchOptimizer, stepSize: number): TfjsOptimizer {
  switch (optimizer.kind) {
    case 'sgd':
      return tf.train.sgd(stepSize);
    case 'momentum':
      return tf.train.momentum(stepSize, optimizer.momentum);
    case 'nesterov':
      return tf.train.momentum(stepSize, optimizer.momentum, true);
    case 'adam':
      return tf.train.adam(stepSize, optimizer.beta1, optimizer.beta2, optimizer.epsilon);
  }
}

/** Releases what the optimiser remembers. */
export function disposeOptimizer(tf: Tf, optimizer: TfjsOptimizer, { kind }: SearchOptimizer): void {
  optimizer.dispose();
  // that of momentum forgets the step size, which it has from plain gradient descent
  if (kind === 'momentum' || kind === 'nesterov') tf.SGDOptimizer.prototype.dispose.call(optimizer);
}
