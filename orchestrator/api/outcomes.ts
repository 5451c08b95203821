/**
 * The types that schemas give. A user's compiler sees them written out, without the library of the schemas: `orchestrator/api-types.mjs`
 * replaces this file's declarations by ones that it makes of the schemas.
 */
import type { ExperimentName } from '../../shared/mod.ts';

export type { ExperimentName, Outcome, OutcomeOf, Provenance, ResultOf, Task, TaskOf } from '../../shared/mod.ts';

/** A sweep file as a value. Within this repository every other key goes: the schema decides. */
export type SweepFile = { name: string; title: string; experiment: ExperimentName; [key: string]: unknown };
