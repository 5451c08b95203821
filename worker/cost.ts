import type { Activation, Cell, SearchCell, TrajectoryCell } from '../shared/mod.ts';

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

/** Products of a measurement, typically: the first takes more. */
const TYPICAL_PRODUCTS = { lanczos: 8, power: 20 } as const;

/**
 * Expected work of one run of a cell, in multiply-adds, to start the longest tasks first; only the order of tasks and the time left
 * depend on it.
 */
export function expectedCost(cell: Cell): number {
  return 'search' in cell ? costOfSearch(cell) : costOfTrajectory(cell);
}

/** Of two convolutions, on 28 x 28 pixels or nearly so. */
const CNN = 28 * 28 * 9 * 3;

function costOfSearch(cell: SearchCell): number {
  const { activation, dataset, batchSize, search, data } = cell;
  const { examples } = dataset;
  const inputs = data.reduce === undefined ? dataset.dimensions : examples;
  const stepSize = Math.min(search.ceiling, TYPICAL_STEP_SIZE[activation]);
  const rungs = Math.max(1, Math.log(stepSize / search.initialStepSize) / Math.log(search.growth));
  const batch = batchSize === 'full' ? examples : batchSize;
  if (cell.model === 'cnn') return rungs * search.steps * batch * CNN * (cell.width + (cell.width * cell.width) / 4);
  return rungs * search.steps * costOfStep(cell, inputs, batch);
}

function costOfTrajectory(cell: TrajectoryCell): number {
  const { dataset, depth, scheme, trajectory } = cell;
  const { iterations, every, layers, solver } = trajectory;
  // the blocks of layers together cost as much as some two of the whole network
  const products = (TYPICAL_PRODUCTS[solver.kind] * (layers ? 1 + Math.min(2, depth) : 1)) / every;
  const ofScheme = /^(layer )?1\/lambda$/.test(scheme.kind) ? TYPICAL_PRODUCTS[solver.kind] : 0;
  const ofSearch = scheme.kind === 'line-search' ? 3 : 0;
  return (
    iterations * (1 + 2 * (products + ofScheme) + ofSearch) * costOfStep(cell, dataset.dimensions, dataset.examples)
  );
}

/** A training step costs about 3 multiply-adds per weight and example. */
function costOfStep({ depth, width, dataset }: Cell, inputs: number, batch: number): number {
  const { outputs } = dataset;
  const weights =
    depth === 1
      ? (inputs + 1) * outputs
      : (inputs + 1) * width + (depth - 2) * (width + 1) * width + (width + 1) * outputs;
  // the update of the weights costs as much as one more example, a hidden unit's activation about 20 multiply-adds
  return 3 * weights * (batch + 1) + 20 * (depth - 1) * width * batch;
}
