import type { Cell, Outcome, Task } from '../../shared/mod.ts';
import { type Expansion, expand, membersOf, type Sweep } from '../../shared/sweep/mod.ts';
import { readOutcomes, readSweep } from '../directory/mod.ts';

export const RUN_STATES = ['done', 'running', 'pending', 'failed'] as const;
export type RunState = (typeof RUN_STATES)[number];

/** One run of one cell of a sweep, and what is known of it. */
export type Run = {
  state: RunState;
  /** number of its cell, as `expand` counts */
  index: number;
  task: Task;
  outcome?: Outcome | undefined;
  /** why it was set aside, and the node that tried it last */
  failure?: { error: string; node: string | undefined } | undefined;
};

export type SweepRuns = {
  sweep: Sweep;
  cells: readonly Cell[];
  /** by cell, then by number */
  runs: Run[];
  /** recorded outcomes that are not of the sweep as it is now */
  others: number;
};

/**
 * The runs of a sweep directory, from what is recorded.
 * @param recordedOnly leaves those that are not done out
 * @throws EdgesweepError what reading the directory throws
 */
export async function readRuns(directory: string, recordedOnly = false): Promise<SweepRuns> {
  const sweep = await readSweep(directory);
  const expansion = expand(sweep);
  const { outcomes, others } = await outcomesOf(directory, expansion);
  const { cells, runs: runsOfCell, tasks } = expansion;
  const runs: Run[] = [];
  for (let position = 0; position < tasks; position += 1) {
    const outcome = outcomes[position];
    const index = Math.floor(position / runsOfCell);
    if (outcome !== undefined) runs.push({ state: 'done', index, task: outcome.task, outcome });
    else if (!recordedOnly) {
      runs.push({ state: 'pending', index, task: expansion.task(index, position % runsOfCell) });
    }
  }
  return { sweep, cells, runs, others };
}

/** By cell and run, and how many there are of other sweeps. */
async function outcomesOf(directory: string, expansion: Expansion) {
  const outcomes = new Array<Outcome | undefined>(expansion.tasks);
  const cellOf = membersOf(expansion);
  let others = 0;
  for await (const outcome of readOutcomes(directory)) {
    const index = cellOf(outcome.task);
    if (index === undefined) others += 1;
    else outcomes[index * expansion.runs + outcome.task.run] = outcome;
  }
  return { outcomes, others };
}
