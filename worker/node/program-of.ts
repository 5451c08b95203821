import type { TaskOf } from '../../shared/mod.ts';
import type { ProgramNeed } from '../../shared/protocol/mod.ts';
import type { ProgramPool, ProgramSpec } from '../programs/mod.ts';
import type { NodeContext } from './context.ts';

/** How a task's program is started here. */
export type TaskProgram = { pool: ProgramPool; need: ProgramNeed; spec: ProgramSpec };

/** Undefined where this node cannot: it lacks the name or the files, or the sweep has left the list. */
export function programOf(
  { programPool: pool, programs, programNeeds }: NodeContext,
  sweep: string,
  { cell: { program } }: TaskOf<'program'>,
): TaskProgram | undefined {
  const need = programNeeds.get(sweep);
  if (pool === undefined || need === undefined) return undefined;
  // the list may say of a sweep what its tasks do not
  if (need.name !== program.name || need.digest !== program.files) return undefined;
  const spec = programs.specOf(need);
  return spec && { pool, need, spec };
}
