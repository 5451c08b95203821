import { z } from 'zod';
import { lazily, type Parsed } from '../lazily.ts';
import { count, LIMITS, stepSizeSchema } from '../limits.ts';
import { BLOCK_POINTS, blocksOf, MAX_POINTS } from '../map-points.ts';
import { ROW_SPACE } from '../vocabulary.ts';
import { defineExperiment } from './experiment.ts';
import { costOfTraining, criterionSchema, trainingCell, trainingKeys, usualTraining } from './maximal-step-size.ts';
import { drawSchema, networkCell, networkKeys } from './network.ts';

/** An axis: the step size of a layer, the first one 1, or of all of them. */
export const axisSchema = lazily(() =>
  z.strictObject({
    layer: z.union([z.literal('all'), count(LIMITS.depth)]),
    from: stepSizeSchema(),
    to: stepSizeSchema(),
    scale: z.enum(['linear', 'log']),
  }),
);

export const mapSchema = lazily(() =>
  z.strictObject({
    x: axisSchema(),
    y: axisSchema(),
    /** of layers without an axis; an axis multiplies it */
    stepSize: stepSizeSchema(),
    steps: count(LIMITS.steps),
    criterion: criterionSchema().optional(),
    /** number of the block, see `map-points.ts` */
    block: z
      .int()
      .nonnegative()
      .max(blocksOf(MAX_POINTS) - 1),
  }),
);

/** A block of trainings that differ in the step sizes of their layers alone. */
export const mapCellSchema = lazily(() =>
  z.strictObject({
    ...networkCell(),
    data: z.strictObject({ draw: drawSchema(), reduce: z.literal(ROW_SPACE).optional() }),
    map: mapSchema(),
    ...trainingCell(),
  }),
);
export type MapCell = Parsed<typeof mapCellSchema>;

/** Losses at the end of a training whose mean says whether it converged (Sohl-Dickstein 2024). */
export const LAST_LOSSES = 20;

export const mapResultSchema = lazily(() =>
  z.strictObject({
    /** digest of the block's values, a row for each point, see `seriesDigest` */
    series: z.string().regex(/^[0-9a-f]{64}$/),
    points: z.literal(BLOCK_POINTS),
    /** trainings with a loss that is NaN, infinite or above the criterion */
    diverged: z.int().min(0).max(BLOCK_POINTS),
    /** trainings whose last 20 losses are on average below the first */
    converged: z.int().min(0).max(BLOCK_POINTS),
  }),
);
export type MapResult = Parsed<typeof mapResultSchema>;

/** Trainings of a block that diverge, typically, and the iteration at which they do. */
const DIVERGING = 0.7;
const TYPICAL_DIVERGENCE = 20;

/** Of a training of so many steps, on average, where that share diverges. */
const expectedSteps = (steps: number, diverging = DIVERGING): number =>
  (1 - diverging) * steps + diverging * Math.min(steps, TYPICAL_DIVERGENCE);

/** Multiply-adds of a block. */
const costOfBlock = (cell: MapCell, diverging?: number): number =>
  BLOCK_POINTS * expectedSteps(cell.map.steps, diverging) * costOfTraining(cell, 1);

export const map = defineExperiment({
  name: 'map',
  describe: 'which of the trainings of a plane of step sizes converge, and which diverge',
  settings: 'map',
  cell: mapCellSchema,
  result: mapResultSchema,
  keys: { ...networkKeys, ...trainingKeys, block: (cell) => cell.map.block },
  usual: usualTraining,
  problem(_, { points, diverged, converged }) {
    return diverged + converged <= points ? undefined : `${diverged} diverged and ${converged} converged of ${points}`;
  },
  series: ({ series, points }) => ({ digest: series, rows: points }),
  iterations: () => 0,
  cost: (cell) => costOfBlock(cell),
  shortened(cell, share) {
    // of a short training all steps count, of a long one those of the share that does not diverge
    const work = share * expectedSteps(cell.map.steps);
    const steps = work <= TYPICAL_DIVERGENCE ? work : (work - DIVERGING * TYPICAL_DIVERGENCE) / (1 - DIVERGING);
    return { ...cell, map: { ...cell.map, steps: Math.max(1, Math.round(steps)) } };
  },
  spent: (cell, { diverged }) => costOfBlock(cell, diverged / BLOCK_POINTS),
});
