import { GRAPH, type Task, type TrajectoryTask } from '../../shared/mod.ts';
import { trajectoryTask } from '../unit/trajectory/support.ts';
import { taskOf } from './tasks.ts';

/** Images of 5 x 5. */
const CNN = { model: 'cnn', graph: GRAPH, width: 3 } as const;

/** A short trajectory of a convolutional network. */
export const cnnTrajectory = (changes: Parameters<typeof trajectoryTask>[0] = {}): TrajectoryTask =>
  trajectoryTask({ ...CNN, dataset: { kind: 'synthetic', examples: 19, dimensions: 25, outputs: 2 }, ...changes });

const SORTING = { kind: 'sorting', examples: 19, length: 3, vocabulary: 3, dimensions: 15, outputs: 9 } as const;
const ADDITION = { kind: 'modular-addition', examples: 17, vocabulary: 5, dimensions: 10, outputs: 5 } as const;

const transformerTrajectory = (
  model: 'transformer' | 'transformer-plain',
  changes: Parameters<typeof trajectoryTask>[0] = {},
): TrajectoryTask => trajectoryTask({ model, graph: GRAPH, width: 4, depth: 6, dataset: SORTING, ...changes });

const transformerSearch = (model: 'transformer' | 'transformer-plain', changes: Parameters<typeof taskOf>[0]) =>
  taskOf({
    ...{ model, graph: GRAPH, width: 4, depth: 6, dataset: SORTING, loss: 'cross-entropy' },
    ...{ search: { growth: 1.6, steps: 6 } },
    ...changes,
  });

/** Trajectories and searches of every model that is a graph. */
export const GRAPH_TASKS: readonly Task[] = [
  cnnTrajectory(),
  cnnTrajectory({ activation: 'gelu', run: 1, scheme: { kind: 'layer 1/lambda', factor: 1 } }),
  cnnTrajectory({ activation: 'relu', scheme: { kind: 'constant', stepSize: 1000 } }),
  taskOf({ ...CNN, dimensions: 25, outputs: 2, search: { growth: 1.3, steps: 9 } }),
  taskOf({
    ...CNN,
    activation: 'softplus',
    dimensions: 48,
    outputs: 2,
    examples: 23,
    batchSize: 18,
    optimizer: { kind: 'nesterov', momentum: 0.9 },
    search: { growth: 1.4, steps: 7 },
  }),
  transformerTrajectory('transformer', { loss: 'cross-entropy' }),
  transformerTrajectory('transformer-plain', { activation: 'gelu', dataset: ADDITION, run: 1 }),
  // batches so small that networks share a vector
  taskOf({ ...CNN, dimensions: 25, outputs: 2, examples: 7, batchSize: 3, search: { growth: 1.3, steps: 9 } }),
  transformerSearch('transformer', { batchSize: 1, optimizer: { kind: 'momentum', momentum: 0.9 } }),
  transformerSearch('transformer-plain', { activation: 'gelu', run: 1 }),
  cnnTrajectory({ activation: 'silu', run: 1 }),
];
