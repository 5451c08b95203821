import type { SurvivalResult, TaskOf } from '../../shared/mod.ts';
import { Stream } from '../../shared/random/mod.ts';
import type { Engine, Trial } from '../engines/mod.ts';
import { trainingProblem } from './network-problem.ts';
import type { Computed, Surroundings } from './surroundings.ts';

/** Trainings at one step size on the data of one run, each from weights of its own. */
export function survival(
  { cell, run, seed }: TaskOf<'survival'>,
  engine: Engine,
  { folders }: Surroundings,
): Computed<SurvivalResult> {
  const trainer = engine.prepare(trainingProblem(cell, cell.survival, seed, run, folders));
  const trials = Array.from({ length: cell.survival.initializations }, (_, index) =>
    survivalTrial(seed, run, cell.stepSize, index),
  );
  const divergedAt = trainer.trainAll(trials).map(({ divergence }) => divergence?.iteration ?? 0);
  return { result: { divergedAt } };
}

/**
 * Initialisation `index` at a step size: that of a rung of Algorithm 2 whose number is the first word of the stream (seed, trial, run,
 * the float32 step size as 32 bits, index). So the trainings of a run are independent of each other at one step size and between step
 * sizes, as those of the rungs of a search are, and do not change when the grid does. Activations share them.
 */
export function survivalTrial(seed: number, run: number, stepSize: number, index: number): Trial {
  const [bits] = new Uint32Array(Float32Array.of(stepSize).buffer);
  return { seed, run, rung: new Stream({ seed, purpose: 'trial', run, rung: bits, part: index }).word(), stepSize };
}
