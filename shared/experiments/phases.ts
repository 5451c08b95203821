import { z } from 'zod';
import { lazily, type Parsed } from '../lazily.ts';
import { count, LIMITS, stepSizeSchema } from '../limits.ts';
import { solverSchema, TYPICAL_PRODUCTS } from '../solver.ts';
import { TRAJECTORY } from '../vocabulary.ts';
import { type Asked, defineExperiment } from './experiment.ts';
import { costOfStep, drawSchema, networkCell, networkKeys } from './network.ts';

/**
 * What becomes of a training, by its losses L_0, ..., L_T (Lewkowycz et al. 2020, "The large learning rate phase of deep learning"):
 * - `lazy`: max L_t <= L_0
 * - `catapult`: the loss rises above L_0, and ends below it
 * - `stuck`: it rises above L_0, and does not end below it
 * - `diverged`: a loss is NaN or infinite
 */
export const PHASES = ['lazy', 'catapult', 'stuck', 'diverged'] as const;
export type Phase = (typeof PHASES)[number];

export const phasesSchema = lazily(() =>
  z.strictObject({
    arithmetic: z.literal(TRAJECTORY),
    steps: count(LIMITS.steps),
    solver: solverSchema(),
  }),
);

/** One training at a step size that is c over the sharpness of the initial network. */
export const phasesCellSchema = lazily(() =>
  z.strictObject({
    ...networkCell(),
    batchSize: z.literal('full'),
    data: z.strictObject({ draw: drawSchema() }),
    /** step size times initial sharpness */
    c: stepSizeSchema(),
    phases: phasesSchema(),
  }),
);
export type PhasesCell = Parsed<typeof phasesCellSchema>;

export const phasesResultSchema = lazily(() =>
  z.strictObject({
    phase: z.enum(PHASES),
    /** gradient steps taken: all, or those up to the loss that diverged */
    steps: z.int().nonnegative(),
    stepSize: z.number().nonnegative(),
    /** top eigenvalue of the Hessian of the loss, the mean over examples and outputs; `last`: null when diverged */
    sharpness: z.strictObject({ first: z.number(), last: z.number().nullable() }),
    /** the largest and the last one are null when diverged */
    loss: z.strictObject({ first: z.number().nullable(), largest: z.number().nullable(), last: z.number().nullable() }),
  }),
);
export type PhasesResult = Parsed<typeof phasesResultSchema>;

/** @param loss finite ones */
export function phaseOf({ first, largest, last }: Record<'first' | 'largest' | 'last', number>): Phase {
  if (largest <= first) return 'lazy';
  return last < first ? 'catapult' : 'stuck';
}

function phasesProblem({ cell }: Asked<PhasesCell>, { phase, steps, sharpness, loss }: PhasesResult) {
  if (steps > cell.phases.steps) return `${steps} steps of ${cell.phases.steps}`;
  const { first, largest, last } = loss;
  if (phase === 'diverged') {
    return largest === null && last === null && sharpness.last === null ? undefined : 'a diverged training with an end';
  }
  if (steps !== cell.phases.steps) return `${steps} steps of ${cell.phases.steps}, without a divergence`;
  if (first === null || largest === null || last === null) return `phase ${phase} without losses`;
  if (largest < first || largest < last) return `a largest loss of ${largest} beside ${first} and ${last}`;
  const expected = phaseOf({ first, largest, last });
  return phase === expected ? undefined : `phase ${phase}, where the losses are those of ${expected}`;
}

export const phases = defineExperiment({
  name: 'phases',
  describe: 'whether a training is lazy, catapults, gets stuck or diverges, against step size times initial sharpness',
  settings: 'phases',
  cell: phasesCellSchema,
  result: phasesResultSchema,
  keys: { ...networkKeys, c: ({ c }) => c },
  usual: {},
  problem: phasesProblem,
  iterations: () => 0,
  cost: (cell) => stepsAndProducts(cell, cell.phases.steps),
  shortened(cell, share) {
    const steps = Math.max(1, Math.round(share * cell.phases.steps));
    return { ...cell, phases: { ...cell.phases, steps } };
  },
  spent: (cell, { steps }) => stepsAndProducts(cell, steps),
});

/** A product costs two gradients; there are two measurements. */
const stepsAndProducts = (cell: PhasesCell, steps: number): number =>
  (steps + 4 * TYPICAL_PRODUCTS[cell.phases.solver.kind]) *
  costOfStep(cell, cell.dataset.dimensions, cell.dataset.examples);
