import type { Engine } from '../engine.ts';
import { objectiveOn } from './objective.ts';
import { prepareTrainer } from './trainer.ts';
import { instantiate } from './wasm.ts';

/**
 * AssemblyScript, four trials at a time, a lane each: every lane does what the reference engine does, in the same order, so the bits
 * are the same.
 */
export function createSimdEngine(): Engine {
  // one instance for all problems of this engine: its memory grows to the largest and stays
  const kernel = instantiate();
  return {
    name: 'simd',
    label: 'simd',
    lanes: kernel.lanes,
    prepare: (problem) => prepareTrainer('simd', kernel, problem),
    objective: (problem) => objectiveOn(instantiate(), problem),
  };
}
