import { z } from 'zod';
import { searchTaskSchema, trajectoryTaskSchema } from './task.ts';
import { DIVERGENCE_KINDS } from './vocabulary.ts';

/** What the sequential search found; compared byte for byte between executions. */
export const searchResultSchema = z.strictObject({
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
export type SearchResult = z.infer<typeof searchResultSchema>;

/** Digest and summary of a series; compared byte for byte between executions. Iterations count from 1. */
export const trajectoryResultSchema = z.strictObject({
  /** of the series' values, see `seriesDigest`; not of the file that holds them */
  series: z.string().regex(/^[0-9a-f]{64}$/),
  /** recorded; that of the divergence is the last */
  iterations: z.int().positive(),
  end: z.enum(['finished', 'diverged']),
  divergence: z.strictObject({ iteration: z.int().positive(), kind: z.enum(['nan', 'infinity']) }).nullable(),
  /** first of 10 consecutive measurements of sharpness within 10 % of 2 / step size; null when there is none */
  edge: z.int().positive().nullable(),
  /** median of the sharpness over the last fifth of the iterations, over 2 / step size there; null without measurements */
  plateau: z.strictObject({ sharpness: z.number(), ofEdge: z.number().nullable() }).nullable(),
  /** the last finite loss; null when there is none */
  loss: z.number().nullable(),
  /** Hessian-vector products of all measurements */
  products: z.int().nonnegative(),
  /** of the optimiser, in gradients: a gradient 1, a loss alone 1/3, a Hessian-vector product 2 */
  cost: z.number(),
});
export type TrajectoryResult = z.infer<typeof trajectoryResultSchema>;

export const resultSchema = z.union([searchResultSchema, trajectoryResultSchema]);
export type Result = SearchResult | TrajectoryResult;

/** How the result came about; differs between executions and is never compared. */
export const provenanceSchema = z.strictObject({
  engine: z.string(),
  host: z.string(),
  seconds: z.number(),
  version: z.string(),
  node: z.string(),
  attempts: z.int().positive(),
  /** the file with the series, where there is one */
  file: z.strictObject({ sha256: z.string().regex(/^[0-9a-f]{64}$/), bytes: z.int().positive() }).optional(),
});
export type Provenance = z.infer<typeof provenanceSchema>;

export const searchOutcomeSchema = z.strictObject({
  task: searchTaskSchema,
  result: searchResultSchema,
  provenance: provenanceSchema,
});
export type SearchOutcome = z.infer<typeof searchOutcomeSchema>;

export const trajectoryOutcomeSchema = z.strictObject({
  task: trajectoryTaskSchema,
  result: trajectoryResultSchema,
  provenance: provenanceSchema,
});
export type TrajectoryOutcome = z.infer<typeof trajectoryOutcomeSchema>;

export const outcomeSchema = z.union([searchOutcomeSchema, trajectoryOutcomeSchema]);
/** The schema of one experiment's outcomes: its errors say more than those of all together. */
export const outcomeSchemaOf = (experiment: unknown) =>
  experiment === 'trajectory' ? trajectoryOutcomeSchema : searchOutcomeSchema;
export type Outcome = SearchOutcome | TrajectoryOutcome;

export const isSearchOutcome = (outcome: Outcome): outcome is SearchOutcome =>
  outcome.task.experiment === 'maximal-step-size';
export const isTrajectoryOutcome = (outcome: Outcome): outcome is TrajectoryOutcome =>
  outcome.task.experiment === 'trajectory';
