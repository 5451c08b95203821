/** Checked by the compiler: the types that are written out for users are those of the schemas. */
import type * as written from '../../dist/types/orchestrator/api/mod.js';
import type { ExperimentName, OutcomeOf, ResultOf } from '../../shared/mod.ts';

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : { lacks: A }) : { differs: A };
type AllSame<Checked extends Record<string, true>> = Checked;

export type Names = AllSame<{ names: Same<ExperimentName, written.ExperimentName> }>;
export type Outcomes = AllSame<{ [Name in ExperimentName]: Same<OutcomeOf<Name>, written.OutcomeOf<Name>> }>;
export type Results = AllSame<{ [Name in ExperimentName]: Same<ResultOf<Name>, written.ResultOf<Name>> }>;
