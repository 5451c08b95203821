import { z } from 'zod';
import { count, LIMITS, stepSize } from '../limits.ts';
import { ROW_SPACE } from '../vocabulary.ts';
import { defineExperiment } from './experiment.ts';
import {
  costOfTraining,
  criterionSchema,
  divergenceProblem,
  divergenceSchema,
  trainingCell,
  trainingKeys,
  usualTraining,
} from './maximal-step-size.ts';
import { drawSchema, networkCell, networkKeys } from './network.ts';

export const survivalSchema = z.strictObject({
  steps: count(LIMITS.steps),
  criterion: criterionSchema.optional(),
});

/** One training at one step size. */
export const survivalCellSchema = z.strictObject({
  ...networkCell,
  data: z.strictObject({ draw: drawSchema, reduce: z.literal(ROW_SPACE).optional() }),
  stepSize,
  survival: survivalSchema,
  ...trainingCell,
});
export type SurvivalCell = z.infer<typeof survivalCellSchema>;

export const survivalResultSchema = z.strictObject({
  /** null: the training survived all its steps */
  divergence: divergenceSchema.nullable(),
});
export type SurvivalResult = z.infer<typeof survivalResultSchema>;

export const survival = defineExperiment({
  name: 'survival',
  describe: 'whether one training at a given step size diverges',
  settings: 'survival',
  cell: survivalCellSchema,
  result: survivalResultSchema,
  keys: { ...networkKeys, ...trainingKeys, stepSize: ({ stepSize: value }) => value },
  usual: usualTraining,
  problem(
    {
      cell: {
        survival: { steps, criterion },
      },
    },
    { divergence },
  ) {
    return divergence === null ? undefined : divergenceProblem(divergence, steps, criterion);
  },
  iterations: () => 0,
  cost: (cell) => costOfTraining(cell, cell.survival.steps),
  shortened(cell, share) {
    const steps = Math.max(1, Math.round(share * cell.survival.steps));
    return { ...cell, survival: { ...cell.survival, steps } };
  },
  spent: (cell, { divergence }) => costOfTraining(cell, divergence?.iteration ?? cell.survival.steps),
});
