import type { EngineName } from '../../../shared/mod.ts';
import type { Engine } from '../engine.ts';
import { withGraphs } from '../graph/engine.ts';
import { machineOn } from './graph.ts';
import { batchObjectiveOn, objectiveOn } from './objective.ts';
import { isAcross, prepareTrainer } from './trainer.ts';
import { instantiate } from './wasm.ts';

/**
 * AssemblyScript, four trials at a time, a lane each: every lane does what the reference engine does, in the same order, so the bits
 * are the same. Wide networks are trained one at a time.
 *
 * @param across are the lanes units of one network?
 */
export function createSimdEngine(across = isAcross): Engine {
  // one instance for all problems of this engine: its memory grows to the largest and stays
  const kernel = instantiate();
  const perceptrons: Engine & { name: EngineName } = {
    name: 'simd',
    label: 'simd',
    lanes: kernel.lanes,
    prepare: (problem) => prepareTrainer('simd', kernel, problem, across(problem)),
    objective: (problem) => objectiveOn(instantiate(), problem),
    batchObjective: (problem) => batchObjectiveOn(instantiate(), problem),
  };
  return withGraphs(perceptrons, (problem) => machineOn(instantiate, problem));
}
