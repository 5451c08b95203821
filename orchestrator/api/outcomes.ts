/**
 * The types that schemas give. A user's compiler sees them written out, without the library of the schemas: `orchestrator/api-types.mjs`
 * replaces this file's declarations by ones that it makes of the schemas.
 */
export type { ExperimentName, Outcome, OutcomeOf, Provenance, ResultOf, Task, TaskOf } from '../../shared/mod.ts';
export type { SweepFile } from '../../shared/sweep/mod.ts';
