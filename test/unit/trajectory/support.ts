import {
  NUMERICS,
  type SchemeValues,
  type Solver,
  TRAJECTORY,
  type TrajectoryCell,
  type TrajectoryTask,
  taskId,
  trajectoryArithmetic,
} from '../../../shared/mod.ts';
import { runTask } from '../../../worker/mod.ts';

export const LANCZOS: Extract<Solver, { kind: 'lanczos' }> = {
  kind: 'lanczos',
  tolerance: 1e-3,
  maxProducts: 60,
  top: 1,
  bothEnds: false,
};
export const POWER: Solver = { kind: 'power', tolerance: 1e-3, maxProducts: 60, top: 1 };

const LINE_SEARCH = { c: 0.1, initialStepSize: 1, shrink: 0.9, growth: 2, maxTries: 100, batchesPerEpoch: 1 };

/** One of each kind. */
export const SCHEMES_OF_ALL_KINDS: readonly SchemeValues[] = [
  { kind: 'constant', stepSize: 0.2 },
  { kind: '1/lambda0', factor: 1 },
  { kind: '1/lambda', factor: 1 },
  { kind: 'layer 1/lambda', factor: 2 },
  { kind: 'line-search', ...LINE_SEARCH },
];

/** Every optimiser, with what is measured and moved differently for it. */
export const OPTIMISED: readonly Changes[] = [
  { optimizer: { kind: 'momentum', momentum: 0.9 }, scheme: { kind: 'layer 1/lambda', factor: 4 } },
  { optimizer: { kind: 'nesterov', momentum: 0.7 }, scheme: { kind: 'warm-up', stepSize: 0.1, iterations: 20 } },
  {
    optimizer: { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
    scheme: { kind: 'constant', stepSize: 0.01 },
    trajectory: { preconditioned: true, near: { within: 0.5, every: 2 } },
  },
  {
    optimizer: { kind: 'adam', beta1: 0.5, beta2: 0.99, epsilon: 1e-6 },
    scheme: { kind: 'layer 1/lambda', factor: 2 },
    initialScale: 0.5,
    trajectory: { layers: false },
  },
  {
    optimizer: { kind: 'rmsprop', alpha: 0.99, epsilon: 1e-8 },
    scheme: { kind: 'line-search', ...LINE_SEARCH },
    trajectory: { preconditioned: true },
  },
];

type Changes = Partial<Omit<TrajectoryCell, 'trajectory'>> & {
  trajectory?: Partial<TrajectoryCell['trajectory']>;
  run?: number;
};

/** A task of some milliseconds; what is left out is a small tanh network on 30 examples. */
export function trajectoryTask({ trajectory, run = 0, ...changes }: Changes = {}): TrajectoryTask {
  const cell: TrajectoryCell = {
    activation: 'tanh',
    depth: 3,
    width: 4,
    dataset: { kind: 'synthetic', examples: 30, dimensions: 3, outputs: 2 },
    batchSize: 'full',
    initialization: 'pytorch-default',
    data: { draw: 'per-run' },
    scheme: SCHEMES_OF_ALL_KINDS[0],
    ...changes,
    trajectory: { arithmetic: TRAJECTORY, iterations: 40, every: 7, layers: true, solver: LANCZOS, ...trajectory },
  };
  cell.trajectory.arithmetic = trajectoryArithmetic(cell);
  const rest = { experiment: 'trajectory' as const, cell, run, seed: 3, numerics: NUMERICS };
  return { id: taskId(rest), ...rest };
}

/**
 * Leaves the checkpoints of a run that was killed in iteration `iterations`, one an iteration: by a task with the same id that ends
 * there.
 */
export async function runAndKill(
  task: TrajectoryTask,
  folder: string,
  iterations: number,
  folders: readonly string[] = [],
): Promise<void> {
  const shorter = { ...task, cell: { ...task.cell, trajectory: { ...task.cell.trajectory, iterations } } };
  await runTask(shorter, 'simd', { folders, checkpoints: { folder, seconds: 0 } });
}
