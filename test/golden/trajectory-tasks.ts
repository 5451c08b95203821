import { ACTIVATIONS, publishedDigest, type TrajectoryCell, type TrajectoryTask } from '../../shared/mod.ts';
import { LANCZOS, OPTIMISED, POWER, SCHEMES_OF_ALL_KINDS, trajectoryTask } from '../unit/trajectory/support.ts';
import { imageTask } from './image-tasks.ts';

/** What the golden series are of: every activation, scheme, solver and loss, a test set, and a divergence. Their results hold the digests of the series. */
export const TRAJECTORY_TASKS: readonly TrajectoryTask[] = [
  ...ACTIVATIONS.map((activation) => trajectoryTask({ activation })),
  ...SCHEMES_OF_ALL_KINDS.map((scheme) => trajectoryTask({ scheme, activation: 'sigmoid', run: 1 })),
  trajectoryTask({ trajectory: { solver: POWER, every: 1, layers: false } }),
  trajectoryTask({ trajectory: { solver: { ...LANCZOS, top: 3, bothEnds: true }, near: { within: 0.5, every: 2 } } }),
  trajectoryTask({ activation: 'relu', scheme: { kind: 'constant', stepSize: 1000 } }),
  trajectoryTask({ batchSize: 8, initialScale: 0.5, trajectory: { batches: { count: 10, eigenvalues: 2 } } }),
  trajectoryTask({ activation: 'elu', trajectory: { gaussNewton: true, test: { every: 5, examples: 12 } } }),
  classTask('tanh', { kind: 'constant', stepSize: 0.3 }, { gaussNewton: true }),
  classTask('gelu', { kind: 'layer 1/lambda', factor: 2 }, { layers: false }),
  ...OPTIMISED.map(trajectoryTask),
  trajectoryTask({
    scheme: { kind: 'constant', stepSize: 0.5 },
    trajectory: {
      sharpening: true,
      flow: { every: 10, alpha: 1, maxStep: 1 },
      centralFlow: { every: 10, alpha: 1, maxStep: 1 },
      density: { every: 20, probes: 2, steps: 6, layers: true },
    },
  }),
];

/** The cross-entropy on a few images, with a test set. */
function classTask(
  activation: TrajectoryCell['activation'],
  scheme: TrajectoryCell['scheme'],
  trajectory: Partial<TrajectoryCell['trajectory']>,
): TrajectoryTask {
  const { dataset } = imageTask({ standardize: 'channel' }).cell;
  const test = { every: 5, examples: 17, digest: publishedDigest('fashion-mnist', 'test') };
  return trajectoryTask({ activation, scheme, dataset, loss: 'cross-entropy', trajectory: { test, ...trajectory } });
}
