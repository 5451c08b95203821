import { z } from 'zod';
import { EXPERIMENTS, type ExperimentName, experimentNamed, type ResultOf } from './experiments/mod.ts';
import { lazily, type Parsed } from './lazily.ts';
import { signedSchema } from './signing.ts';
import { type Task, type TaskOf, taskSchemaOf } from './task.ts';

/** How the result came about; differs between executions and is never compared. */
export const provenanceSchema = lazily(() =>
  z.strictObject({
    engine: z.string(),
    host: z.string(),
    seconds: z.number(),
    version: z.string(),
    node: z.string(),
    attempts: z.int().positive(),
    /** the file with the series, where there is one */
    file: z.strictObject({ sha256: z.string().regex(/^[0-9a-f]{64}$/), bytes: z.int().positive() }).optional(),
    /** by the node that computed it; absent in local runs */
    signed: signedSchema().optional(),
  }),
);
export type Provenance = Parsed<typeof provenanceSchema>;

/** An outcome of the experiment of that name. */
export type OutcomeOf<Name extends ExperimentName> = Name extends ExperimentName
  ? { task: TaskOf<Name>; result: ResultOf<Name>; provenance: Provenance }
  : never;
export type Outcome = OutcomeOf<ExperimentName>;
export type SearchOutcome = OutcomeOf<'maximal-step-size'>;
export type TrajectoryOutcome = OutcomeOf<'trajectory'>;

const schemas = new Map(EXPERIMENTS.map((name) => [name, schemasOf(name)]));

function schemasOf(name: ExperimentName) {
  const rest = () => ({ result: experimentNamed(name).result(), provenance: provenanceSchema() });
  return {
    whole: lazily(() => z.strictObject({ task: taskSchemaOf(name), ...rest() }) as unknown as z.ZodType<Outcome>),
    withoutCell: lazily(
      () =>
        z.strictObject({ task: taskSchemaOf(name, z.null()), ...rest() }) as unknown as z.ZodType<{
          task: Omit<Task, 'cell'>;
        }>,
    ),
  };
}

/**
 * The schema of the outcomes of one experiment: its errors say more than those of all together.
 * @param experiment whatever stands in its place; of an unknown one the schema of the first is returned, and refuses it
 */
export const outcomeSchemaOf = (experiment: unknown): z.ZodType<Outcome> => schemasFor(experiment).whole();
/** The same of an outcome whose cell has been taken out, because it is known. */
export const cellessOutcomeSchemaOf = (experiment: unknown) => schemasFor(experiment).withoutCell();

function schemasFor(experiment: unknown) {
  return schemas.get(experiment as ExperimentName) ?? schemas.get(EXPERIMENTS[0])!;
}

/** The name of the experiment in what should be an outcome, whatever it is. */
export const experimentIn = (value: unknown): unknown =>
  (value as { task?: { experiment?: unknown } } | null)?.task?.experiment;

/** Is the outcome of the experiment of that name? */
export function isOutcomeOf<Name extends ExperimentName>(outcome: Outcome, name: Name): outcome is OutcomeOf<Name> {
  return outcome.task.experiment === name;
}
