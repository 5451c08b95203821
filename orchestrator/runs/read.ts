import type { Cell, Outcome, Task } from '../../shared/mod.ts';
import { type Expansion, expand, membersOf, runsInShard, type Sweep } from '../../shared/sweep/mod.ts';
import { growthOf } from '../adaptive/mod.ts';
import { type RecordedFailure, readOutcomes, readRecordedFailures, readSweep } from '../directory/mod.ts';

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
  const { outcomes, others, runsOf } = await outcomesOf(directory, sweep, expansion);
  const failed = new Map(recordedOnly ? [] : (await readRecordedFailures(directory)).map((one) => [one.task.id, one]));
  const { cells, shard, runs: most } = expansion;
  const runs: Run[] = [];
  for (const index of cells.keys()) {
    for (const run of runsInShard(shard, index, runsOf(index))) {
      const outcome = outcomes[index * most + run];
      if (outcome !== undefined) runs.push({ state: 'done', index, task: outcome.task, outcome });
      else if (!recordedOnly) runs.push(missingRun(index, expansion.task(index, run), failed));
    }
  }
  return { sweep, cells, runs, others };
}

/** A run that is not recorded: it has failed in a run of the directory, or is pending. */
function missingRun(index: number, task: Task, failed: ReadonlyMap<string, RecordedFailure>): Run {
  const failure = failed.get(task.id);
  if (failure === undefined) return { state: 'pending', index, task };
  const { code, message } = failure.error;
  return { state: 'failed', index, task, failure: { error: `${message} [${code}]`, node: undefined } };
}

/** By cell and run, with the runs that each cell gets, and how many there are of other sweeps. */
async function outcomesOf(directory: string, sweep: Sweep, expansion: Expansion) {
  const outcomes = new Array<Outcome | undefined>(expansion.cells.length * expansion.runs);
  const cellOf = membersOf(expansion);
  const growth = growthOf(sweep, expansion);
  let others = 0;
  for await (const outcome of readOutcomes(directory)) {
    const index = cellOf(outcome.task);
    if (index === undefined) others += 1;
    else outcomes[index * expansion.runs + outcome.task.run] = outcome;
    growth?.add(outcome);
  }
  growth?.grow();
  return { outcomes, others, runsOf: growth?.wanted ?? expansion.runsOf };
}
