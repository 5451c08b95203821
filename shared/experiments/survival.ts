import { z } from 'zod';
import { lazily, type Parsed } from '../lazily.ts';
import { count, LIMITS, stepSizeSchema } from '../limits.ts';
import { ROW_SPACE } from '../vocabulary.ts';
import { defineExperiment } from './experiment.ts';
import { costOfTraining, criterionSchema, trainingCell, trainingKeys, usualTraining } from './maximal-step-size.ts';
import { drawSchema, networkCell, networkKeys } from './network.ts';

export const survivalSchema = lazily(() =>
  z.strictObject({
    steps: count(LIMITS.steps),
    initializations: count(LIMITS.initializations),
    criterion: criterionSchema().optional(),
  }),
);

/** Several trainings at one step size. */
export const survivalCellSchema = lazily(() =>
  z.strictObject({
    ...networkCell(),
    data: z.strictObject({ draw: drawSchema(), reduce: z.literal(ROW_SPACE).optional() }),
    stepSize: stepSizeSchema(),
    survival: survivalSchema(),
    ...trainingCell(),
  }),
);
export type SurvivalCell = Parsed<typeof survivalCellSchema>;

export const survivalResultSchema = lazily(() =>
  z.strictObject({
    /**
     * For each initialisation the iteration, from 1, whose loss diverged; 0 where none did. Whether a training diverges within fewer steps is
     * part of it: one training serves every horizon up to its own.
     */
    divergedAt: z.array(z.int().nonnegative()),
  }),
);
export type SurvivalResult = Parsed<typeof survivalResultSchema>;

/** How many of the trainings diverged within so many steps. */
export const divergedWithin = ({ divergedAt }: SurvivalResult, steps: number): number =>
  divergedAt.filter((iteration) => iteration > 0 && iteration <= steps).length;

export const survival = defineExperiment({
  name: 'survival',
  describe: 'how many trainings diverge at a step size: the probability of divergence',
  settings: 'survival',
  cell: survivalCellSchema,
  result: survivalResultSchema,
  keys: { ...networkKeys, ...trainingKeys, stepSize: ({ stepSize: value }) => value },
  usual: usualTraining,
  problem({ cell: { survival: settings } }, { divergedAt }) {
    const { steps, initializations } = settings;
    if (divergedAt.length !== initializations) return `${divergedAt.length} trainings of ${initializations}`;
    const late = divergedAt.find((iteration) => iteration > steps);
    return late === undefined ? undefined : `a divergence at iteration ${late} of ${steps}`;
  },
  iterations: () => 0,
  cost: (cell) => cell.survival.initializations * costOfTraining(cell, cell.survival.steps),
  shortened(cell, share) {
    const steps = Math.max(1, Math.round(share * cell.survival.steps));
    return { ...cell, survival: { ...cell.survival, steps } };
  },
  spent: (cell, { divergedAt }) =>
    divergedAt.reduce((sum, iteration) => sum + costOfTraining(cell, iteration || cell.survival.steps), 0),
});
