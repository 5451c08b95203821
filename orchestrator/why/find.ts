import type { Outcome, Task } from '../../shared/mod.ts';
import { expand } from '../../shared/sweep/mod.ts';
import { Progress, pendingTasks, readOutcomes, readSweep } from '../directory/mod.ts';

/** A task of a sweep directory, with its outcome when there is one. */
export type TaskRecord = { directory: string; task: Task; outcome: Outcome | undefined };

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
      if (outcome.task.id.startsWith(id)) found.push({ directory, task: outcome.task, outcome });
    }
    for (const task of pendingTasks(expansion, progress, expansion.cells.keys())) {
      if (task.id.startsWith(id)) found.push({ directory, task, outcome: undefined });
    }
  }
  return found;
}
