import type { EngineName } from '../../dist/shared/mod.js';
import { engineOf, loadEngine, problemOf } from '../../dist/worker/mod.js';
import { repetitionsFor, time } from './interleave.ts';
import { type Shape, STEP_SIZE } from './shapes.ts';

type Engine = ReturnType<typeof engineOf>;

export type Timed = {
  /** seconds of one step of one trial, all that a trial costs divided by its steps */
  sample(): number;
};

/**
 * Trainings through the interface that a search uses, as many trials at once as the engine takes; each with everything that it
 * costs: drawing and laying out the weights, shuffling, collecting the losses. Data are made once, as in a run of the search.
 *
 * @param steps of one trial
 * @param seconds of one sample
 */
export function timed(name: EngineName, shape: Shape, steps: number, seconds: number): Timed {
  return timedOn(engineOf(name), shape, steps, seconds);
}

function timedOn(engine: Engine, { cell }: Shape, steps: number, seconds: number): Timed {
  const problem = { ...problemOf(cell, 0, 0), iterations: steps };
  let rung = 0;
  let trainer = engine.prepare(problem);
  const trainOnce = (): void => {
    const trials = Array.from({ length: engine.lanes }, () => ({ seed: 0, run: 0, rung: rung++, stepSize: STEP_SIZE }));
    const trainings = trainer.train(trials);
    if (trainings.length < trials.length || trainings.some(({ divergence }) => divergence !== null)) {
      throw new Error('a timed training diverged');
    }
  };
  const repetitions = repetitionsFor(seconds, trainOnce);
  return {
    sample() {
      trainer = engine.prepare(problem); // another contender may have used the engine
      const took = time(() => {
        for (let i = 0; i < repetitions; i++) trainOnce();
      });
      return took / (repetitions * engine.lanes * steps);
    },
  };
}

export const timedSimd = (shape: Shape, seconds: number): Timed => timed('simd', shape, shape.steps, seconds);

/** Trials of more steps: what they take beyond those of the shape's steps is the price of the steps alone. */
export function timedSimdLonger(shape: Shape, seconds: number): Timed & { steps: number } {
  const secondsPerTrial =
    timed('simd', shape, shape.steps, seconds / 10).sample() * shape.steps * engineOf('simd').lanes;
  const steps = shape.steps * Math.min(20, Math.max(3, Math.round(seconds / secondsPerTrial)));
  return { steps, ...timed('simd', shape, steps, seconds) };
}

/** Trials of fewer steps where a step is slow; the weights are a small part of the cost there. */
export function timedReference(shape: Shape, seconds: number): Timed {
  const secondsPerStep = timed('reference', shape, 2, seconds / 10).sample();
  const steps = Math.min(shape.steps, Math.max(2, Math.round(seconds / secondsPerStep)));
  return timed('reference', shape, steps, seconds);
}

/** So few steps that a sample does not take long; the rest of a trial is small beside them. */
const TFJS_STEPS = 5;

export async function timedTfjs(shape: Shape, seconds: number): Promise<Timed & { label: string }> {
  const engine = await loadEngine('tfjs');
  return { label: engine.label, ...timedOn(engine, shape, TFJS_STEPS, seconds) };
}
