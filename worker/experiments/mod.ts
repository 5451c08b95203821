import {
  EdgesweepError,
  type EngineName,
  type ExperimentName,
  otherArithmetic,
  type ResultOf,
  type TaskOf,
  TFJS_NUMERICS,
} from '../../shared/mod.ts';
import { type Engine, loadEngine } from '../engines/mod.ts';
import { bisect } from './bisect.ts';
import { map } from './map.ts';
import { phases } from './phases.ts';
import { maximalStepSize } from './search.ts';
import type { Computed, Surroundings } from './surroundings.ts';
import { survival } from './survival.ts';
import { trajectory } from './trajectory/mod.ts';

export { type Comparison, crosscheck, type EnginePair } from './crosscheck.ts';
export { pointsOf } from './map.ts';
export { trainingProblem } from './network-problem.ts';
export { ladder, problemOf } from './search.ts';
export type { Computed, Surroundings } from './surroundings.ts';
export { survivalTrial } from './survival.ts';
export {
  batchGauge,
  checkpointFiles,
  decodeCheckpoint,
  EigenMeter,
  MATRICES,
  programFolder,
  removeCheckpoints,
  startTraining,
  stepBatches,
} from './trajectory/mod.ts';

type Compute<Name extends ExperimentName> = (
  task: TaskOf<Name>,
  engine: Engine,
  around: Surroundings,
) => Computed<ResultOf<Name>> | Promise<Computed<ResultOf<Name>>>;

/** How each kind of experiment is computed, except for those that a program computes: see `worker/programs`. */
const COMPUTE: { [Name in Exclude<ExperimentName, 'program'>]: Compute<Name> } = {
  'maximal-step-size': maximalStepSize,
  trajectory,
  survival,
  bisect,
  phases,
  map,
};

/**
 * Computes a task; the result is a function of the task alone, the same bits on every engine. A task of TensorFlow.js's arithmetic is
 * computed by it, whatever engine is named.
 * @returns with the label of the engine, for the provenance
 * @throws EdgesweepError TASK_FAILED for a task of another version's arithmetic
 */
export async function runTask<Name extends ExperimentName>(
  task: TaskOf<Name>,
  engine: EngineName,
  around: Surroundings = {},
): Promise<Computed<ResultOf<Name>> & { engine: string }> {
  const loaded = await loadEngine(task.numerics === TFJS_NUMERICS ? 'tfjs' : engine);
  return { ...(await computeOn(loaded, task, around)), engine: loaded.label };
}

/** As `runTask`, on an engine that is loaded. */
export async function computeOn<Name extends ExperimentName>(
  engine: Engine,
  task: TaskOf<Name>,
  around: Surroundings = {},
): Promise<Computed<ResultOf<Name>>> {
  const other = otherArithmetic(task.cell);
  if (other !== undefined) {
    throw new EdgesweepError('TASK_FAILED', 'the task was made by a version of edgesweep with another arithmetic', {
      where: `task ${task.id}`,
      expected: `arithmetic ${other.own}`,
      got: `arithmetic ${other.named}`,
      fix: 'use the version of edgesweep that made the task, or rerun the sweep with this one',
    });
  }
  return (COMPUTE as unknown as { [key in ExperimentName]: Compute<Name> })[task.experiment](task, engine, around);
}
