import { EdgesweepError, type Expansion, type Task } from '../shared/mod.ts';
import { expectedCost } from '../worker/mod.ts';
import { pendingTasks, type SweepDirectory } from './directory/mod.ts';
import type { Dispatcher, Failure } from './dispatch/mod.ts';
import type { Interrupt } from './interrupt.ts';
import { Meter, type Reporter } from './progress/mod.ts';

/** Outcomes that wait for the disk at once, before the next is taken. */
const MOST_UNWRITTEN = 1000;

export type SweepRun = { failures: Failure[]; interrupted: boolean };

/**
 * Computes what the journal of an open directory does not have. Resolves when every outcome is on the disk.
 * @throws EdgesweepError DISK or OUTCOMES_DIFFER; what was acknowledged stays in the journal
 */
export async function runSweep(
  directory: SweepDirectory,
  dispatcher: Dispatcher,
  interrupt: Interrupt,
  reporter: Reporter,
): Promise<SweepRun> {
  const { expansion, progress } = directory;
  const costs = expansion.cells.map(expectedCost);
  const costOf = costByCell(expansion, costs);
  const costToDo = costs.reduce((sum, cost, i) => sum + cost * (expansion.runs - progress.doneOfCell(i)), 0);
  const meter = new Meter(progress.total, progress.done, costToDo, () => performance.now());
  const failures: Failure[] = [];
  const unwritten = new Set<Promise<void>>();
  // a failed write ends the dispatch like an interruption: what is under way is not waited for
  const stop = new AbortController();
  let writeError: unknown;

  const onStop = () => stop.abort();
  interrupt.stop.addEventListener('abort', onStop);
  interrupt.drain.addEventListener('abort', () =>
    reporter.note('interrupted: finishing the tasks under way; interrupt again to stop at once'),
  );
  const closed = new Promise<void>((resolve) => {
    stop.signal.addEventListener('abort', () => void dispatcher.close().then(resolve));
  });

  reporter.start(meter.standing());
  const order = longestFirst(costs);
  const events = dispatcher.dispatch(
    pendingTasks(expansion, progress, order),
    AbortSignal.any([interrupt.drain, stop.signal]),
  );
  for await (const event of events) {
    if (stop.signal.aborted) break;
    if (event.type === 'failure') {
      failures.push(event.failure);
      meter.count('failed', costOf(event.failure.task));
      reporter.note(`task ${event.failure.task.id} failed: ${event.failure.error.message}`);
    } else {
      const written = directory
        .append(event.outcome)
        .catch((error: unknown) => {
          writeError ??= error;
          stop.abort();
        })
        .finally(() => unwritten.delete(written));
      unwritten.add(written);
      meter.count('done', costOf(event.outcome.task));
      if (unwritten.size >= MOST_UNWRITTEN) await Promise.race(unwritten);
    }
    reporter.update(meter.standing());
  }
  await Promise.all(unwritten);
  if (stop.signal.aborted) await closed;
  interrupt.stop.removeEventListener('abort', onStop);
  reporter.finish(meter.standing());
  if (writeError !== undefined) throw writeError;
  return { failures, interrupted: interrupt.drain.aborted && progress.done + failures.length < progress.total };
}

/** Cells by expected cost, the largest first, so that no thread works alone at the end; equal ones in the order of the sweep. */
function longestFirst(costs: readonly number[]): number[] {
  return costs.map((_, i) => i).sort((a, b) => costs[b] - costs[a] || a - b);
}

function costByCell(expansion: Expansion, costs: readonly number[]): (task: Task) => number {
  // tasks hold the cell objects of the expansion, on the way out and back from a local pool
  const byCell = new Map(expansion.cells.map((cell, i) => [cell, costs[i]]));
  return ({ cell }) => byCell.get(cell) ?? expectedCost(cell);
}

/** The error for a run in which tasks failed; there is one line for each, up to twenty. */
export function failuresError(failures: readonly Failure[], dir: string): EdgesweepError {
  const shown = failures
    .slice(0, 20)
    .map(({ task, error }) => `${task.id} (run ${task.run}): ${error.message} [${error.code}]`);
  const rest = failures.length > shown.length ? [`... and ${failures.length - shown.length} more`] : [];
  return new EdgesweepError('TASK_FAILED', `${failures.length} tasks failed`, {
    where: dir,
    got: [...shown, ...rest].join('\n            '),
    fix: 'mend the cause and give the same command again: only these tasks are run',
  });
}
