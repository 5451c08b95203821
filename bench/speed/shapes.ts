import type { Activation, SearchCell } from '../../dist/shared/mod.js';

/** One shape of training that is timed, and how many times faster than PyTorch on one thread it is meant to be. */
export type Shape = { label: string; cell: SearchCell; aim?: number };

/** So small that no training diverges, however long. */
export const STEP_SIZE = 1e-3;

/** Steps of one trial, as in the thesis. */
export const STEPS = 100;

type Parts = { activation: Activation; depth?: number; width?: number; examples?: number; batchSize?: 'full' | number };

function shape({ activation, depth = 3, width = 10, examples = 100, batchSize = 'full' }: Parts, aim?: number): Shape {
  const cell: SearchCell = {
    activation,
    depth,
    width,
    dataset: { kind: 'synthetic', examples, dimensions: 10, outputs: 10 },
    batchSize,
    initialization: 'pytorch-default',
    data: { draw: 'per-run' },
    search: { initialStepSize: STEP_SIZE, growth: 2, steps: STEPS, ceiling: STEP_SIZE },
  };
  const batch = batchSize === 'full' ? 'full batch' : `batch size ${batchSize}`;
  const label = `${activation}, depth ${depth}, width ${width}, ${examples} examples, ${batch}`;
  return { label, cell, ...(aim !== undefined && { aim }) };
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
];
