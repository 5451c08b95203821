import { type PhasesResult, phaseOf, type TaskOf } from '../../shared/mod.ts';
import type { Engine } from '../engines/mod.ts';
import { networkProblem } from './network-problem.ts';
import type { Computed, Surroundings } from './surroundings.ts';
import { EigenMeter } from './trajectory/meter.ts';
import { descend, initialWeights } from './trajectory/mod.ts';

/**
 * Full-batch gradient descent from the initial network of run r, with the step size c / lambda_0, lambda_0 the sharpness there: L_t is the loss
 * after t steps. The sharpness is measured once more at the end.
 */
export function phases(
  { cell, run, seed }: TaskOf<'phases'>,
  engine: Engine,
  { folders }: Surroundings,
): Computed<PhasesResult> {
  const problem = networkProblem(cell, seed, run, folders);
  const objective = engine.objective(problem);
  const meter = new EigenMeter(objective, cell.phases.solver, { seed, run });
  const w = initialWeights(problem, seed, run);
  const gradient = new Float32Array(w.length);
  const first = objective.evaluate(w, gradient);
  const measure = (iteration: number) =>
    meter.measure((all) => objective.multiply(all), ['all'], iteration)[0].largest[0].value;
  const sharpness = Number.isFinite(first) ? measure(1) : 0;
  // nothing moves where there is no curvature
  const stepSize = sharpness > 0 ? cell.c / sharpness : 0;
  let largest = first;
  let last = first;
  for (let t = 1; t <= cell.phases.steps && Number.isFinite(last); t++) {
    descend(w, gradient, stepSize);
    last = objective.evaluate(w, gradient);
    largest = Math.max(largest, last);
    if (!Number.isFinite(last)) return { result: diverged(t) };
  }
  if (!Number.isFinite(first)) return { result: diverged(0) };
  return {
    result: {
      phase: phaseOf({ first, largest, last }),
      steps: cell.phases.steps,
      stepSize,
      sharpness: { first: sharpness, last: measure(cell.phases.steps + 1) },
      loss: { first, largest, last },
    },
  };

  function diverged(steps: number): PhasesResult {
    return {
      phase: 'diverged',
      steps,
      stepSize,
      sharpness: { first: sharpness, last: null },
      loss: { first: Number.isFinite(first) ? first : null, largest: null, last: null },
    };
  }
}
