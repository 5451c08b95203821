import {
  NUMERICS,
  type SearchCell,
  type SearchTask,
  TRAJECTORY,
  type TrajectoryCell,
  type TrajectoryTask,
  taskId,
  trajectoryArithmetic,
} from '../../shared/mod.ts';

const CELL: SearchCell = {
  activation: 'tanh',
  depth: 2,
  width: 3,
  dataset: { kind: 'synthetic', examples: 10, dimensions: 3, outputs: 3 },
  batchSize: 'full',
  initialization: 'pytorch-default',
  data: { draw: 'per-run' },
  search: { initialStepSize: 0.5, growth: 1.5, steps: 10, ceiling: 100 },
};

export function makeTask(run: number, changes: Partial<SearchCell> = {}): SearchTask {
  const rest = {
    experiment: 'maximal-step-size',
    cell: { ...CELL, ...changes },
    run,
    seed: 11,
    numerics: NUMERICS,
  } as const;
  return { id: taskId(rest), ...rest };
}

/** So many tasks of about a millisecond. */
export const quickTasks = (count: number): SearchTask[] => Array.from({ length: count }, (_, run) => makeTask(run));

/** A task that takes some tenths of a second. */
export const slowTask = (run: number): SearchTask =>
  makeTask(run, {
    width: 20,
    dataset: { kind: 'synthetic', examples: 250, dimensions: 10, outputs: 10 },
    search: { initialStepSize: 0.001, growth: 1.0001, steps: 100, ceiling: 0.00101 },
  });

/** A task that takes far longer than any test. */
export const endlessTask = (run: number): SearchTask =>
  makeTask(run, {
    width: 100,
    dataset: { kind: 'synthetic', examples: 5000, dimensions: 10, outputs: 10 },
    search: { initialStepSize: 1e-6, growth: 1.0001, steps: 100, ceiling: 0.001 },
  });

/** A task that no engine can compute, whoever tries: the network does not fit in any memory. */
export const impossibleTask = (run: number): SearchTask => makeTask(run, { depth: 3, width: 100_000 });

const TRAJECTORY_CELL: TrajectoryCell = {
  activation: 'tanh',
  depth: 2,
  width: 5,
  dataset: { kind: 'synthetic', examples: 50, dimensions: 4, outputs: 2 },
  batchSize: 'full',
  initialization: 'pytorch-default',
  data: { draw: 'per-run' },
  scheme: { kind: 'constant', stepSize: 0.1 },
  trajectory: {
    arithmetic: TRAJECTORY,
    iterations: 2000,
    every: 10,
    layers: false,
    solver: { kind: 'lanczos', tolerance: 1e-3, maxProducts: 100, top: 1, bothEnds: false },
  },
};

/** A trajectory of some tenths of a second with a file of some 10 kB. */
export function trajectoryTask(run: number, changes: Partial<TrajectoryCell['trajectory']> = {}): TrajectoryTask {
  const trajectory = { ...TRAJECTORY_CELL.trajectory, ...changes };
  const cell: TrajectoryCell = { ...TRAJECTORY_CELL, trajectory };
  cell.trajectory.arithmetic = trajectoryArithmetic(cell);
  const rest = { experiment: 'trajectory', cell, run, seed: 11, numerics: NUMERICS } as const;
  return { id: taskId(rest), ...rest };
}
