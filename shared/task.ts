import { z } from 'zod';
import { IMAGE_DATASETS, type ImageKind, LABELS } from './datasets.ts';
import {
  ACTIVATIONS,
  CHOICES,
  DATA_DRAWS,
  DIVERGENCE_KINDS,
  INITIALIZATIONS,
  ROW_SPACE,
  STANDARDIZATIONS,
} from './vocabulary.ts';

/** Bounds on what a cell may ask for, so that a slipped digit is an error and not an absurdly large network. */
export const LIMITS = {
  depth: 1000,
  width: 100_000,
  dimensions: 100_000,
  examples: 10_000_000,
  steps: 10_000_000,
} as const;

/** Step sizes are rounded to float32 when used: outside of this they would round to zero or to infinity. */
const STEP_SIZES = { min: 1.1754943508222875e-38, max: 3.4028234663852886e38 } as const;

const count = (max: number) => z.int().min(1).max(max);
const stepSize = z.number().min(STEP_SIZES.min).max(STEP_SIZES.max);

/** Synthetic regression: n examples of d inputs; `outputs` targets (d unless given). */
export const syntheticSchema = z.strictObject({
  kind: z.literal('synthetic'),
  examples: count(LIMITS.examples),
  dimensions: count(LIMITS.dimensions),
  outputs: count(LIMITS.dimensions),
});
export type SyntheticDataset = z.infer<typeof syntheticSchema>;

const labels = z
  .array(
    z
      .int()
      .min(0)
      .max(LABELS.length - 1),
  )
  .min(1)
  .refine((list) => list.every((label, i) => i === 0 || label > list[i - 1]), {
    message: 'the classes are out of order, or one comes twice',
    params: { expected: 'labels in ascending order, each once', got: 'another order', fix: 'sort them' },
  });

/** Images: pixels as inputs, and targets one-hot over the classes kept. What is read is named by its digest, see `digestOf`. */
function imageShape<Kind extends ImageKind>(kind: Kind) {
  return {
    kind: z.literal(kind),
    examples: count(IMAGE_DATASETS[kind].examples),
    choose: z.enum(CHOICES),
    standardize: z.enum(STANDARDIZATIONS),
    classes: labels,
    /** follow from the kind, `grayscale` and `classes` */
    dimensions: count(LIMITS.dimensions),
    outputs: count(LABELS.length),
    digest: z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256: 64 digits from 0 to f'),
  };
}
export const mnistSchema = z.strictObject(imageShape('mnist'));
export const fashionMnistSchema = z.strictObject(imageShape('fashion-mnist'));
export const cifar10Schema = z.strictObject({
  ...imageShape('cifar10'),
  /** one channel instead of three */
  grayscale: z.boolean(),
});

export const datasetSchema = z.discriminatedUnion('kind', [
  syntheticSchema,
  mnistSchema,
  fashionMnistSchema,
  cifar10Schema,
]);
export type Dataset = z.infer<typeof datasetSchema>;
export type ImageDataset = Exclude<Dataset, SyntheticDataset>;

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

/** All parameters of one point of the grid, every default filled in: what a task's result depends on besides run and seed. */
export const cellSchema = z.strictObject({
  activation: z.enum(ACTIVATIONS),
  /** number of weight matrices */
  depth: count(LIMITS.depth),
  /** hidden units per layer */
  width: count(LIMITS.width),
  dataset: datasetSchema,
  batchSize: z.union([z.literal('full'), count(LIMITS.examples)]),
  initialization: z.enum(INITIALIZATIONS),
  data: z.strictObject({ draw: z.enum(DATA_DRAWS), reduce: z.literal(ROW_SPACE).optional() }),
  search: searchSchema,
});
export type Cell = z.infer<typeof cellSchema>;

/** Files that a machine has to have, or to get, for a task. */
export type DataNeed = Pick<ImageDataset, 'kind' | 'digest'>;

/** What these cells need, each once. */
export function dataNeeds(cells: readonly Pick<Cell, 'dataset'>[]): DataNeed[] {
  const needs = new Map<string, DataNeed>();
  for (const { dataset } of cells) {
    if (dataset.kind !== 'synthetic') needs.set(dataset.digest, { kind: dataset.kind, digest: dataset.digest });
  }
  return [...needs.values()];
}

export const EXPERIMENTS = ['maximal-step-size'] as const;

/** `id` is the hash of the canonical JSON of the rest, see `taskId`. */
export const taskSchema = z.strictObject({
  id: z.string(),
  experiment: z.enum(EXPERIMENTS),
  cell: cellSchema,
  run: z.int().nonnegative(),
  seed: z.int().nonnegative(),
  numerics: z.string(),
});
export type Task = z.infer<typeof taskSchema>;

/** What the sequential search found; compared byte for byte between executions. */
export const resultSchema = z.strictObject({
  /** step size of `rung` */
  stepSize: z.number(),
  /** first rung that diverged, or the last rung under the ceiling */
  rung: z.int().nonnegative(),
  /** rungs trained by the sequential algorithm: rung + 1 */
  trials: z.int().positive(),
  /** iterations of the sequential algorithm, over all rungs */
  steps: z.int().positive(),
  end: z.enum(['diverged', 'ceiling']),
  /** null when the search ended at the ceiling; the iteration counts from 1 */
  divergence: z.strictObject({ iteration: z.int().positive(), kind: z.enum(DIVERGENCE_KINDS) }).nullable(),
});
export type Result = z.infer<typeof resultSchema>;

/** How the result came about; differs between executions and is never compared. */
export const provenanceSchema = z.strictObject({
  engine: z.string(),
  host: z.string(),
  seconds: z.number(),
  version: z.string(),
  node: z.string(),
  attempts: z.int().positive(),
});
export type Provenance = z.infer<typeof provenanceSchema>;

export const outcomeSchema = z.strictObject({ task: taskSchema, result: resultSchema, provenance: provenanceSchema });
export type Outcome = z.infer<typeof outcomeSchema>;
