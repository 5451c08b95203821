import { closeSync, constants, openSync } from 'node:fs';
import type { Outcome, Task } from '../../shared/mod.ts';
import { expand } from '../../shared/sweep/mod.ts';
import { headAndTail } from '../../worker/mod.ts';
import {
  logPath,
  Progress,
  pendingTasks,
  type RecordedFailure,
  readOutcomes,
  readRecordedFailures,
  readSweep,
} from '../directory/mod.ts';

/** A task of a sweep directory, with its outcome when there is one. */
export type TaskRecord = {
  directory: string;
  task: Task;
  outcome: Outcome | undefined;
  /** why it failed in a run of the directory, where it did and is not recorded */
  failure?: RecordedFailure['error'] | undefined;
  /** what a program wrote; of a long log beginning and end */
  log?: { path: string; text: string } | undefined;
};

/**
 * All tasks whose id begins so: those recorded, and those of the sweep that are not yet.
 * @throws EdgesweepError DIRECTORY_UNREADABLE, JOURNAL_DAMAGED
 */
export async function findInDirectories(directories: readonly string[], id: string): Promise<TaskRecord[]> {
  const found: TaskRecord[] = [];
  for (const directory of directories) {
    const expansion = expand(await readSweep(directory));
    const progress = new Progress(expansion);
    for await (const outcome of readOutcomes(directory)) {
      progress.add(outcome.task);
      if (outcome.task.id.startsWith(id))
        found.push({ directory, task: outcome.task, outcome, log: readLog(directory, outcome.task) });
    }
    const failed = await readRecordedFailures(directory);
    for (const task of pendingTasks(expansion, progress, expansion.cells.keys())) {
      if (!task.id.startsWith(id)) continue;
      const failure = failed.find((one) => one.task.id === task.id)?.error;
      found.push({ directory, task, outcome: undefined, failure, log: readLog(directory, task) });
    }
  }
  return found;
}

function readLog(directory: string, task: Task): TaskRecord['log'] {
  const path = logPath(directory, task);
  let log: number;
  try {
    log = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  } catch {
    return undefined;
  }
  try {
    return { path, text: headAndTail(log) };
  } finally {
    closeSync(log);
  }
}
