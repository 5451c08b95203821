import { ROW_SPACE, type SearchTask } from '../../shared/mod.ts';
import { imageTask } from './image-tasks.ts';
import { taskOf } from './tasks.ts';

const MOMENTUM = { kind: 'momentum', momentum: 0.9 } as const;
const NESTEROV = { kind: 'nesterov', momentum: 0.9 } as const;

/** The optimisers on synthetic data, and the cross-entropy on Fashion-MNIST with each of them. */
export const EXTRA_TASKS: readonly SearchTask[] = [
  ...[MOMENTUM, NESTEROV].flatMap((optimizer) => [
    taskOf({ optimizer }),
    taskOf({ optimizer, batchSize: 1, activation: 'relu', run: 1, search: { initialStepSize: 0.01, steps: 30 } }),
    taskOf({ optimizer: { ...optimizer, momentum: 0.3 }, batchSize: 7, examples: 23, search: { steps: 20 } }),
  ]),
  // more examples than pass through the layers at once
  taskOf({
    optimizer: NESTEROV,
    examples: 150,
    width: 20,
    depth: 4,
    activation: 'softplus',
    search: { growth: 1.3, steps: 12 },
  }),
  // bounded gradients: only linear networks overflow soon
  imageTask({ loss: 'cross-entropy', lossAbove: 3 }),
  imageTask({ loss: 'cross-entropy', activation: 'relu', batchSize: 5, growth: 3, lossAbove: 4 }),
  imageTask({ loss: 'cross-entropy', activation: 'linear', batchSize: 1, growth: 3, run: 1, standardize: 'channel' }),
  imageTask({ loss: 'cross-entropy', activation: 'gelu', optimizer: MOMENTUM, growth: 2, lossAbove: 4 }),
  imageTask({ loss: 'cross-entropy', activation: 'elu', optimizer: NESTEROV, batchSize: 4, growth: 3 }),
  imageTask({ loss: 'cross-entropy', activation: 'linear', optimizer: MOMENTUM, reduce: ROW_SPACE, growth: 2 }),
  imageTask({ loss: 'cross-entropy', activation: 'silu', batchSize: 5, growth: 3, lossAbove: 4 }),
  taskOf({ activation: 'silu', examples: 23, width: 11, search: { growth: 1.3, steps: 12 } }),
];
