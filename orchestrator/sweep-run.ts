import { counted, EdgesweepError, expectedCost, iterationsOf, oneLine, type Task } from '../shared/mod.ts';
import type { Expansion } from '../shared/sweep/mod.ts';
import { controlRun } from './control/mod.ts';
import { FailureLog, type SweepDirectory } from './directory/mod.ts';
import type { Dispatcher, Failure } from './dispatch/mod.ts';
import type { Interrupt } from './interrupt.ts';
import { LIMIT_FLAGS, type Limits, type Reached, watchLimits } from './limits.ts';
import { Meter, type Reporter } from './progress/mod.ts';
import { workOf } from './work.ts';

/** Outcomes that wait for the disk at once, and bytes of their files, before the next is taken. */
const MOST_UNWRITTEN = { outcomes: 1000, bytes: 64 * 2 ** 20 };

/** Failures that are told one by one at the end; the rest is only counted. */
const MOST_FAILURES = 20;

export type SweepRun = {
  failed: number;
  /** the first of them */
  failures: Failure[];
  interrupted: boolean;
  /** the limit that ended the run before all tasks were settled */
  limit: Reached | undefined;
  /** for the user: how failed tasks are tried again */
  onFailure: string;
};

/**
 * Computes what the journal of an open directory does not have. Resolves when every outcome is on the disk.
 * @throws EdgesweepError DISK or OUTCOMES_DIFFER; what was acknowledged stays in the journal
 */
export async function computeMissing(
  directory: SweepDirectory,
  dispatcher: Dispatcher,
  interrupt: Interrupt,
  reporter: Reporter,
  limits: Limits = {},
): Promise<SweepRun> {
  const { expansion, progress, growth } = directory;
  const costs = expansion.cells.map(expectedCost);
  const costOf = costByCell(expansion, costs);
  const costToDo = () => costs.reduce((sum, cost, i) => sum + cost * (progress.wanted(i) - progress.doneOfCell(i)), 0);
  const iterations = iterationsOfSweep(expansion, progress);
  const meter = new Meter(progress.total, progress.done, costToDo(), () => performance.now(), iterations);
  const failures: Failure[] = [];
  const failed = new Set<string>();
  const work = workOf(directory, failed, (tasks) => {
    for (const task of tasks) meter.takeBack(costOf(task), task);
  });
  const unwritten = new Set<Promise<void>>();
  let unwrittenBytes = 0;
  // a failed write ends the dispatch like an interruption: what is under way is not waited for
  const stop = new AbortController();
  let writeError: unknown;

  const limit = watchLimits(limits, (name) =>
    reporter.note(`${LIMIT_FLAGS[name]} is reached: finishing the tasks in flight`),
  );
  const onStop = () => stop.abort();
  const onDrain = () => reporter.note(dispatcher.onDrain);
  interrupt.stop.addEventListener('abort', onStop);
  interrupt.drain.addEventListener('abort', onDrain);
  const closed = new Promise<void>((resolve) => {
    stop.signal.addEventListener('abort', () => void dispatcher.close().then(resolve));
  });

  /** Adds runs where they are needed, now that all are on the disk. @returns whether there are more */
  const grow = (): boolean => {
    if (growth === undefined) return false;
    const before = progress.total;
    growth.grow();
    progress.want(growth.wanted);
    meter.extend(progress.total - before, costToDo());
    return progress.total > before;
  };

  const standing = () => meter.standing(dispatcher.crew);
  const asked = new AbortController();
  const drain = AbortSignal.any([interrupt.drain, limit.drain, asked.signal]);
  const endControl = controlRun({
    directory: directory.path,
    gate: dispatcher.gate,
    counts: () => ({
      done: progress.done,
      failed: failed.size,
      total: progress.total,
      left: work.left(),
      recording: unwritten.size,
    }),
    isDraining: () => drain.aborted,
    drain: () => asked.abort(),
    note: reporter.note,
  });
  const failureLog = new FailureLog(directory.path, progress);
  reporter.start(standing());
  try {
    do {
      const events = dispatcher.dispatch(work, AbortSignal.any([drain, stop.signal]));
      for await (const event of events) {
        if (stop.signal.aborted) break;
        if (event.type === 'progress') {
          meter.advance(event.task, event.iterations);
          reporter.update(standing());
          continue;
        }
        // a dispatcher may tell of a task twice
        if (work.isSettled(event.type === 'failure' ? event.failure.task : event.outcome.task)) continue;
        if (event.type === 'failure') {
          failed.add(event.failure.task.id);
          limit.count('failed');
          if (failures.length < MOST_FAILURES) failures.push(event.failure);
          failureLog.add(event.failure.task, event.failure.error);
          meter.count('failed', costOf(event.failure.task), event.failure.task);
          reporter.note(`task ${event.failure.task.id} failed: ${oneLine(event.failure.error.message)}`);
          reporter.failure?.(event.failure);
          reporter.update(standing());
        } else {
          const { outcome, file } = event;
          limit.count('done');
          const bytes = file?.length ?? 0;
          unwrittenBytes += bytes;
          const written = directory
            .append(outcome, file)
            .then(() => {
              meter.count('done', costOf(outcome.task), outcome.task);
              reporter.outcome?.(outcome);
              reporter.update(standing());
            })
            .catch((error: unknown) => {
              writeError ??= error;
              stop.abort();
            })
            .finally(() => {
              unwritten.delete(written);
              unwrittenBytes -= bytes;
            });
          unwritten.add(written);
          while (unwritten.size >= MOST_UNWRITTEN.outcomes || unwrittenBytes >= MOST_UNWRITTEN.bytes)
            await Promise.race(unwritten);
        }
      }
      await Promise.all(unwritten);
    } while (!stop.signal.aborted && grow() && !drain.aborted);
    if (stop.signal.aborted) await closed;
  } finally {
    endControl();
    await failureLog.close();
    limit.close();
    interrupt.stop.removeEventListener('abort', onStop);
    interrupt.drain.removeEventListener('abort', onDrain);
    // also after an error: a bar that is not stopped keeps the process alive and the cursor hidden
    reporter.finish(standing());
  }
  if (writeError !== undefined) throw writeError;
  const cut = work.left() > 0;
  const interrupted = (interrupt.drain.aborted || asked.signal.aborted) && cut;
  return {
    failed: failed.size,
    failures,
    interrupted,
    limit: cut ? limit.reached() : undefined,
    onFailure: dispatcher.onFailure,
  };
}

/** Iterations of a sweep of long tasks, those of recorded tasks as done; undefined for other sweeps. */
function iterationsOfSweep(
  { cells, runsOf }: Expansion,
  progress: SweepDirectory['progress'],
): { done: number; total: number } | undefined {
  const each = cells.map(iterationsOf);
  const sum = (count: (cellIndex: number) => number) =>
    each.reduce((all, iterations, i) => all + iterations * count(i), 0);
  const total = sum(runsOf);
  return total === 0 ? undefined : { done: sum((i) => progress.doneOfCell(i)), total };
}

function costByCell(expansion: Expansion, costs: readonly number[]): (task: Task) => number {
  // tasks hold the cell objects of the expansion, on the way out and back from a local pool
  const byCell = new Map(expansion.cells.map((cell, i) => [cell, costs[i]]));
  return ({ cell }) => byCell.get(cell) ?? expectedCost(cell);
}

/** The error for a run in which tasks failed, with a line for each that was kept. */
export function failuresError({ failed, failures, onFailure }: SweepRun, dir: string): EdgesweepError {
  const lines = failures.map(
    ({ task, error }) => `${task.id} (run ${task.run}): ${oneLine(error.message)} [${error.code}]`,
  );
  if (failed > failures.length) lines.push(`... and ${failed - failures.length} more`);
  return new EdgesweepError('TASK_FAILED', `${counted(failed, 'task')} failed`, {
    where: dir,
    got: lines.join('\n            '),
    fix: onFailure,
  });
}
