import { ACTIVATIONS, type TrajectoryTask } from '../../shared/mod.ts';
import { LANCZOS, OPTIMISED, POWER, SCHEMES_OF_ALL_KINDS, trajectoryTask } from '../unit/trajectory/support.ts';

/** What the golden series are of: every activation, scheme and solver, and a divergence. Their results hold the digests of the series. */
export const TRAJECTORY_TASKS: readonly TrajectoryTask[] = [
  ...ACTIVATIONS.map((activation) => trajectoryTask({ activation })),
  ...SCHEMES_OF_ALL_KINDS.map((scheme) => trajectoryTask({ scheme, activation: 'sigmoid', run: 1 })),
  trajectoryTask({ trajectory: { solver: POWER, every: 1, layers: false } }),
  trajectoryTask({ trajectory: { solver: { ...LANCZOS, top: 3, bothEnds: true }, near: { within: 0.5, every: 2 } } }),
  trajectoryTask({ activation: 'relu', scheme: { kind: 'constant', stepSize: 1000 } }),
  trajectoryTask({ batchSize: 8, initialScale: 0.5, trajectory: { batches: { count: 10, eigenvalues: 2 } } }),
  ...OPTIMISED.map(trajectoryTask),
];
