import {
  edgeOf,
  encodeSeries,
  seriesDigest,
  type TrajectoryResult,
  type TrajectoryTask,
  trajectoryColumns,
} from '../../../shared/mod.ts';
import { type Engine, type FullBatch, initialize, layersOf } from '../../engines/mod.ts';
import { networkProblem } from '../network-problem.ts';
import type { Computed, Surroundings } from '../surroundings.ts';
import type { Checkpoint } from './checkpoint.ts';
import { readCheckpoint, writeCheckpoint } from './checkpoint-files.ts';
import type { Parts } from './point.ts';
import { Recorder } from './recorder.ts';
import { summarize } from './summary.ts';
import { type Ended, Training, WEIGHTS } from './training.ts';

export { decodeCheckpoint } from './checkpoint.ts';
export { checkpointFiles, programFolder, removeCheckpoints } from './checkpoint-files.ts';
export { batchGauge } from './gauges/batches.ts';
export { MATRICES } from './matrices.ts';
export { EigenMeter } from './meter.ts';
export { stepBatches } from './step-batches.ts';
export { descend } from './training.ts';

/** How often progress is reported, in milliseconds. */
const TELL_MS = 500;

/**
 * Trains one network and follows it. The series is a function of the task alone: a training that resumes from a checkpoint gives
 * the same bytes as one without a break, since a checkpoint holds all that the next iteration depends on.
 */
export async function trajectory(
  task: TrajectoryTask,
  engine: Engine,
  around: Surroundings,
): Promise<Computed<TrajectoryResult>> {
  const { folders = [], checkpoints, onIteration = () => {} } = around;
  const { cell } = task;
  const checkpoint = checkpoints && readCheckpoint(checkpoints.folder, task.id);
  const { training } = startTraining(task, engine, folders, checkpoint);
  let saved = performance.now();
  let told = Number.NEGATIVE_INFINITY;
  let ended: Ended | undefined;
  for (;;) {
    ended = training.iterate();
    if (ended !== undefined) break;
    const now = performance.now();
    const { iteration } = training.state;
    if (now - told >= TELL_MS) {
      onIteration(iteration - 1);
      told = now;
    }
    if (checkpoints !== undefined && now - saved >= 1000 * checkpoints.seconds) {
      const { state, vectors, recorder } = training;
      writeCheckpoint(checkpoints.folder, task.id, { state, vectors, series: recorder.series() });
      saved = performance.now();
    }
  }
  const series = training.recorder.series();
  const { cost, products } = training.state;
  const last = series.columns.get('loss')![series.rows - 1];
  const kind = Number.isNaN(last) ? ('nan' as const) : ('infinity' as const);
  return {
    result: {
      series: seriesDigest(series),
      iterations: Math.min(series.rows, cell.trajectory.iterations),
      end: ended,
      divergence: ended === 'diverged' ? { iteration: series.rows, kind } : null,
      ...summarize(series, edgeOf(cell)),
      products,
      cost,
    },
    file: await encodeSeries(series),
  };
}

/** A training at its beginning, or where a checkpoint left it. */
export function startTraining(
  { cell, run, seed }: Pick<TrajectoryTask, 'cell' | 'run' | 'seed'>,
  engine: Engine,
  folders: readonly string[],
  checkpoint?: Checkpoint,
) {
  const { testExamples, ...network } = networkProblem(cell, seed, run, folders);
  const problem = { ...scaled(network, cell.initialScale), loss: cell.loss };
  const objective = engine.objective(problem);
  const vectors = new Map(checkpoint?.vectors ?? [[WEIGHTS, initialWeights(problem, seed, run)]]);
  const parts: Parts = { cell, seed, run, engine, problem, testExamples, objective, vectors };
  const earlier = checkpoint && {
    state: checkpoint.state,
    recorder: new Recorder(trajectoryColumns(cell), checkpoint.series),
  };
  return { ...parts, training: new Training(parts, earlier) };
}

/** With initial parameters that are multiplied by the scale. */
function scaled(problem: Parts['problem'], scale: number | undefined): Parts['problem'] {
  if (scale === undefined) return problem;
  const { network } = problem;
  const initialFactors = Array.from({ length: network.depth }, () => ({ weights: scale, biases: scale }));
  return { ...problem, network: { ...network, initialFactors } };
}

/** The parameters in one vector, layer by layer: weights (outputs x inputs, row by row), then biases. */
export function initialWeights(
  { network, model = 'mlp' }: Pick<FullBatch, 'network' | 'model'>,
  seed: number,
  run: number,
): Float32Array {
  const layers = layersOf(model, network);
  initialize({ network }, { seed, run, rung: 0, stepSize: 0 }, layers);
  const parts = layers.flatMap(({ weights, biases }) => [weights, biases]);
  const w = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    w.set(part, offset);
    offset += part.length;
  }
  return w;
}
