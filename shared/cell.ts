import { z } from 'zod';
import { datasetSchema } from './dataset.ts';
import { count, LIMITS, stepSize } from './limits.ts';
import { optimizerSchema } from './optimizer.ts';
import { schemeSchema } from './schemes/mod.ts';
import { ACTIVATIONS, DATA_DRAWS, INITIALIZATIONS, ROW_SPACE, TRAJECTORY } from './vocabulary.ts';

/** What every experiment trains. */
const network = {
  activation: z.enum(ACTIVATIONS),
  /** number of weight matrices */
  depth: count(LIMITS.depth),
  /** hidden units per layer */
  width: count(LIMITS.width),
  dataset: datasetSchema,
  batchSize: z.union([z.literal('full'), count(LIMITS.examples)]),
  initialization: z.enum(INITIALIZATIONS),
};

/** Algorithm 2 of the thesis: the ladder initialStepSize * growth^k, k = 0, 1, ..., up to `ceiling`; `steps` iterations a rung. */
export const searchSchema = z.strictObject({
  initialStepSize: stepSize,
  growth: z.number().gt(1),
  steps: count(LIMITS.steps),
  ceiling: stepSize,
  /** also call a loss above this value a divergence; absent: only NaN and infinity are */
  criterion: z.strictObject({ lossAbove: z.number().positive() }).optional(),
});
export type Search = z.infer<typeof searchSchema>;

/** A point of a grid of maximal step sizes, every default filled in: what a task's result depends on besides run and seed. */
export const searchCellSchema = z.strictObject({
  ...network,
  data: z.strictObject({ draw: z.enum(DATA_DRAWS), reduce: z.literal(ROW_SPACE).optional() }),
  search: searchSchema,
  /** absent: a multilayer perceptron; cnn: the convolutional network of `worker/engines/tfjs`, `width` channels wide */
  model: z.literal('cnn').optional(),
  /** absent: the mean squared error */
  loss: z.literal('cross-entropy').optional(),
  /** absent: sgd */
  optimizer: optimizerSchema.optional(),
});
export type SearchCell = z.infer<typeof searchCellSchema>;

const tolerance = z.number().min(1e-7).max(0.5);
const maxProducts = count(LIMITS.products);
const top = count(LIMITS.eigenvalues);

/** How eigenvalues of the Hessian are found, see `worker/eigen`. */
export const solverSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('lanczos'),
    /** on the residual norm, relative to the eigenvalue */
    tolerance,
    maxProducts,
    /** how many eigenvalues, from the largest down */
    top,
    /** also as many from the smallest up */
    bothEnds: z.boolean(),
  }),
  z.strictObject({ kind: z.literal('power'), tolerance, maxProducts, top }),
]);
export type Solver = z.infer<typeof solverSchema>;

/** What of a training is recorded, and how. */
export const trajectorySchema = z.strictObject({
  arithmetic: z.literal(TRAJECTORY),
  iterations: count(LIMITS.iterations),
  /** iterations between two measurements of sharpness */
  every: count(LIMITS.iterations),
  /** while the last sharpness was within this share of 2 / step size: so many iterations between two measurements */
  near: z.strictObject({ within: z.number().positive().max(1), every: count(LIMITS.iterations) }).optional(),
  /** the sharpness of each layer too */
  layers: z.boolean(),
  solver: solverSchema,
});
export type TrajectorySettings = z.infer<typeof trajectorySchema>;

/** A point of a grid of trajectories. */
export const trajectoryCellSchema = z.strictObject({
  ...network,
  batchSize: z.literal('full'),
  data: z.strictObject({ draw: z.enum(DATA_DRAWS) }),
  scheme: schemeSchema,
  trajectory: trajectorySchema,
});
export type TrajectoryCell = z.infer<typeof trajectoryCellSchema>;

export type Cell = SearchCell | TrajectoryCell;
