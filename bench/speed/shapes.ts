import type { Activation, SearchCell } from '../../dist/shared/mod.js';

/** One shape of training that is timed, and how many times faster than PyTorch on one thread it is meant to be. */
export type Shape = {
  label: string;
  cell: SearchCell;
  /** of one trial */
  steps: number;
  aim?: number;
};

/** So small that no training diverges, however long. */
export const STEP_SIZE = 1e-3;

/** Steps of one trial, as in the thesis. */
export const STEPS = 100;

/** Of the large shape, so that a sample stays under a second or two. */
export const FEW_STEPS = 4;

export type Parts = {
  activation: Activation;
  depth?: number;
  width?: number;
  examples?: number;
  inputs?: number;
  batchSize?: 'full' | number;
  steps?: number;
};

export function shape(parts: Parts, aim?: number): Shape {
  const { activation, depth = 3, width = 10, examples = 100, inputs = 10, batchSize = 'full', steps = STEPS } = parts;
  const cell: SearchCell = {
    activation,
    depth,
    width,
    dataset: { kind: 'synthetic', examples, dimensions: inputs, outputs: 10 },
    batchSize,
    initialization: 'pytorch-default',
    data: { draw: 'per-run' },
    search: { initialStepSize: STEP_SIZE, growth: 2, steps, ceiling: STEP_SIZE },
  };
  const batch = batchSize === 'full' ? 'full batch' : `batch size ${batchSize}`;
  const size = inputs === 10 ? `${examples} examples` : `${examples} examples of ${inputs} inputs`;
  const label = `${activation}, depth ${depth}, width ${width}, ${size}, ${batch}`;
  return { label, cell, steps, ...(aim !== undefined && { aim }) };
}

export const SHAPES: readonly Shape[] = [
  shape({ activation: 'linear' }, 35),
  shape({ activation: 'tanh' }, 25),
  shape({ activation: 'relu' }, 35),
  shape({ activation: 'sigmoid' }, 25),
  shape({ activation: 'linear', batchSize: 1 }, 500),
  shape({ activation: 'tanh', batchSize: 1 }, 500),
  shape({ activation: 'relu', batchSize: 1 }, 500),
  shape({ activation: 'sigmoid', batchSize: 1 }, 500),
  shape({ activation: 'tanh', width: 100 }),
  shape({ activation: 'tanh', examples: 5000 }),
  shape({ activation: 'tanh', depth: 16 }),
  // the sizes of the thesis's CIFAR-10; the time does not depend on what the numbers are
  shape({ activation: 'tanh', inputs: 3072 }),
  shape({ activation: 'relu', inputs: 3072 }),
  shape({ activation: 'tanh', examples: 5000, inputs: 3072, steps: FEW_STEPS }),
];
