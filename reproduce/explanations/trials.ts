import { engineOf, type problemOf } from '../../dist/worker/mod.js';

export type Problem = ReturnType<typeof problemOf>;
const engine = engineOf('simd');
type Trainer = ReturnType<typeof engine.prepare>;
export type Trial = Parameters<Trainer['train']>[0][number];
export type Training = ReturnType<Trainer['train']>[number];

/** What happens in each trial, whether those before it diverge or not. */
export const trainAll = (problem: Problem, trials: readonly Trial[]): Training[] =>
  engine.prepare(problem).trainAll(trials);

/** The trial with which a search ends; those of the first rungs may be left out where none of them diverges. */
export function searchFrom(problem: Problem, trials: readonly Trial[]): Trial {
  const trainer = engine.prepare(problem);
  for (let i = 0; i < trials.length; i += engine.lanes) {
    const group = trials.slice(i, i + engine.lanes);
    const trainings = trainer.train(group);
    if (trainings.at(-1)?.divergence) return group[trainings.length - 1];
  }
  throw new Error('no trial diverges');
}
