import { setTimeout as sleep } from 'node:timers/promises';
import { expectedCost, type Outcome, shortenedCell, spentCost, type Task, taskId } from '../../shared/mod.ts';
import type { Expansion } from '../../shared/sweep/mod.ts';
import type { Pool } from '../../worker/mod.ts';
import { type Progress, recordingTime } from '../directory/mod.ts';
import type { Timed } from './expected.ts';
import { type CellLoad, loadsOf, pendingTasksOf, visits } from './load.ts';
import { processorTime, shareLeft } from './other-load.ts';

/** After so many seconds no further task is timed. */
const BUDGET = 1.5;
/** A task that is expected to take longer is timed in a shortened form, and a shortened one takes about as long as the second number. */
const LONGEST_WHOLE = 0.75;
const SHORTENED = 0.3;
/**
 * A shortened task that took less, or was much faster per multiply-add than the one before, only tells the speed: what every task begins
 * with would be too much of it.
 */
const SHORTEST = 0.1;
const MUCH_FASTER = 2;
/** Whatever is not done by then is given up, in seconds. */
const GIVE_UP = 10;
/** Multiply-adds of a thread's first task, which is not timed: it loads the engine and the data. */
const WARM_UP = 1e5;
/** Outcomes with which the recording is timed. */
const MOST_RECORDED = 100;
/** Visits to cells whose tasks are all timed, before the others are searched for. */
const MOST_TRIES = 1000;

type Next = { cell: number; task: Task };

export type Timing = {
  timed: Timed[];
  /** seconds until the threads computed */
  startup: number;
  /** seconds in which this thread records an outcome */
  recording: number;
  /** seconds from then on */
  seconds: number;
  /** of these, what other processes left of the time in which the threads computed */
  share: number;
};

/**
 * Times some pending tasks on all threads of a pool, for a second or two, and closes the pool. Nothing is recorded.
 * @param stop ends it at once
 * @throws what computing a task throws
 */
export async function timeTasks(
  pool: Pool,
  expansion: Expansion,
  progress: Progress,
  stop: AbortSignal,
): Promise<Timing> {
  const started = performance.now();
  const since = (from: number) => (performance.now() - from) / 1000;
  const loads = loadsOf(expansion, progress);
  const order = visits(loads);
  const pendingTask = pendingTasksOf(expansion, progress);
  const timed: Timed[] = [];
  const outcomes: Outcome[] = [];
  let wholeLeft = progress.total - progress.done;
  // multiply-adds a second, learned from each task
  let speed = WARM_UP / SHORTENED;
  let warm = started;
  let before = processorTime();
  let computing = 0;
  let closed = false;

  const compute = async (cell: number, task: Task): Promise<Timed & { counts: boolean }> => {
    const asked = performance.now();
    const { outcome } = await pool.run(task, 1);
    const { seconds } = outcome.provenance;
    computing += seconds;
    const waited = Math.max(0, since(asked) - seconds);
    if (outcomes.length < MOST_RECORDED) outcomes.push(outcome);
    const whole = task.cell === expansion.cells[cell];
    const units = whole ? expectedCost(task.cell) : spentCost(task.cell, outcome.result);
    const counts = whole || (seconds >= SHORTEST && units / seconds < MUCH_FASTER * speed);
    speed = units / seconds;
    return { counts, cell, whole, seconds, waited, perUnit: seconds / units };
  };
  const warmUp = async () => {
    const { index, cost } = order.next().value;
    await compute(index, shortened(expansion.task(index, 0), WARM_UP / cost));
  };
  const taskOf = ({ index, cost }: CellLoad): Next | undefined => {
    const long = cost / speed > LONGEST_WHOLE;
    const task = long ? shortened(expansion.task(index, 0), (SHORTENED * speed) / cost) : pendingTask(index);
    if (task !== undefined && !long) wholeLeft -= 1;
    return task && { cell: index, task };
  };
  /** the next to be timed; undefined when all pending tasks are or were */
  const choose = (): Next | undefined => {
    for (let tries = 0; wholeLeft > 0 && tries < MOST_TRIES; tries++) {
      const next = taskOf(order.next().value);
      if (next !== undefined) return next;
    }
    // cells with hardly any work are hardly ever visited
    for (const load of loads) {
      const next = wholeLeft > 0 ? taskOf(load) : undefined;
      if (next !== undefined) return next;
    }
    return undefined;
  };
  const timeOneByOne = async () => {
    while (since(warm) < BUDGET && !stop.aborted && !closed) {
      const next = choose();
      if (next === undefined) return;
      const { counts, ...one } = await compute(next.cell, next.task);
      if (counts) timed.push(one);
    }
  };
  const all = async () => {
    await Promise.all(Array.from({ length: pool.threads }, warmUp));
    warm = performance.now();
    [before, computing] = [processorTime(), 0];
    await Promise.all(Array.from({ length: pool.threads }, timeOneByOne));
  };

  const ended = new AbortController();
  const tooLong = sleep(1000 * GIVE_UP, undefined, { signal: AbortSignal.any([ended.signal, stop]) }).catch(() => {});
  try {
    const computed = all();
    // what is given up is rejected when the pool closes
    computed.catch(() => {});
    await Promise.race([computed, tooLong]);
    const seconds = since(warm);
    const share = shareLeft(computing, before, processorTime());
    const recording = outcomes.length === 0 ? 0 : recordingTime(outcomes);
    return { timed, startup: (warm - started) / 1000, recording, seconds, share };
  } finally {
    closed = true;
    ended.abort();
    await pool.close();
  }
}

/** The task with that share of its work; the whole task for a share of 1 or more. */
function shortened(task: Task, share: number): Task {
  if (share >= 1) return task;
  const { id: _, ...rest } = { ...task, cell: shortenedCell(task.cell, share) } as Task;
  return { id: taskId(rest), ...rest } as Task;
}
