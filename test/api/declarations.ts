/** Checked by the compiler: the types that are written out for users are those of the schemas. */
import type * as written from '../../dist/types/orchestrator/api/mod.js';
import type { ExperimentName, OutcomeOf, ResultOf } from '../../shared/mod.ts';

/** Or one of the two is more exact: a schema knows 1024 where the compiler sees a number, and may have no type that is written out. */
type Same<A, B> = [A] extends [B] ? true : [B] extends [A] ? true : { differs: A };
type AllSame<Checked extends Record<string, true>> = Checked;

export type Names = AllSame<{ names: Same<ExperimentName, written.ExperimentName> }>;
export type Outcomes = AllSame<{ [Name in ExperimentName]: Same<OutcomeOf<Name>, written.OutcomeOf<Name>> }>;
export type Results = AllSame<{ [Name in ExperimentName]: Same<ResultOf<Name>, written.ResultOf<Name>> }>;
