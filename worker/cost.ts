import type { Activation, Cell } from '../shared/mod.ts';

/** Typical rungs of the thesis's ladders from 0.1 with growth 1.01 (Table 4.1): log(maximal step size / 0.1) / log(1.01). */
const TYPICAL_STEP_SIZE: Record<Activation, number> = {
  linear: 0.4,
  relu: 2.3,
  'leaky-relu': 2.3,
  elu: 2.3,
  gelu: 2.3,
  softplus: 2.3,
  tanh: 3.1,
  sigmoid: 12.5,
};

/**
 * Expected work of one run of a cell, in multiply-adds, to start the longest tasks first; only the order of tasks and the time left
 * depend on it. A training step costs about 3 multiply-adds per weight and example.
 */
export function expectedCost({ activation, depth, width, dataset, batchSize, search, data }: Cell): number {
  const { examples, outputs } = dataset;
  const dimensions = data.reduce === undefined ? dataset.dimensions : examples;
  const weights =
    depth === 1
      ? (dimensions + 1) * outputs
      : (dimensions + 1) * width + (depth - 2) * (width + 1) * width + (width + 1) * outputs;
  const batch = batchSize === 'full' ? examples : batchSize;
  const stepSize = Math.min(search.ceiling, TYPICAL_STEP_SIZE[activation]);
  const rungs = Math.max(1, Math.log(stepSize / search.initialStepSize) / Math.log(search.growth));
  // the update of the weights costs as much as one more example, a hidden unit's activation about 20 multiply-adds
  return rungs * search.steps * (3 * weights * (batch + 1) + 20 * (depth - 1) * width * batch);
}
