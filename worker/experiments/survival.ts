import type { SurvivalResult, TaskOf } from '../../shared/mod.ts';
import type { Engine } from '../engines/mod.ts';
import { trainingProblem } from './network-problem.ts';
import type { Computed, Surroundings } from './surroundings.ts';

/** One training. Run r has the same data and initial weights at every step size, so that step sizes are compared on them. */
export function survival(
  { cell, run, seed }: TaskOf<'survival'>,
  engine: Engine,
  { folders }: Surroundings,
): Computed<SurvivalResult> {
  const trainer = engine.prepare(trainingProblem(cell, cell.survival, seed, run, folders));
  const [{ divergence }] = trainer.train([{ seed, run, rung: 0, stepSize: cell.stepSize }]);
  return { result: { divergence } };
}
