import { seriesOf, type Task } from '../../../shared/mod.ts';
import { fetchSeries, purgeCheckpoints, removeResult, sendAgain } from '../../cluster/series.ts';
import type { Advance, TaskEnd } from '../dispatcher.ts';
import type { Arrival, Audited, Dispatching } from './part.ts';
import { whileAway } from './while-away.ts';

/** After so many results whose series could not be had, a task counts as failed in this run: somebody's server or node is at fault. */
const MOST_LOST = 3;

/**
 * Adds to each result of a trajectory its series, one at a time, so that memory holds one and not as many as results wait. A result
 * whose series cannot be had is removed, and its task sent again.
 * @returns undefined for what comes to nothing now: its task is settled, is sent again, or stays on the server for the next run
 */
export function createCompleter(dispatching: Dispatching) {
  const { cluster, key, work, signal, note, sawProgress } = dispatching;
  const lost = new Map<Task['id'], number>();
  return async (arrival: Exclude<Arrival, Advance | Audited>): Promise<TaskEnd | undefined> => {
    if (arrival.type === 'failure') return arrival;
    const { outcome } = arrival;
    if (arrival.type === 'decided') return { type: 'outcome', outcome, file: arrival.file };
    const { seq } = arrival;
    const { task } = outcome;
    if (seriesOf(outcome) === undefined) return { type: 'outcome', outcome };
    // it may have come twice
    if (work.isSettled(task)) return undefined;
    // what is being fetched is progress: nothing is missing meanwhile
    sawProgress();
    const fetched = await whileAway(cluster, () => fetchSeries(cluster, key, outcome), signal);
    sawProgress();
    if (fetched === undefined) return undefined;
    if ('file' in fetched) {
      lost.delete(task.id);
      void purgeCheckpoints(cluster, key, task.id);
      return { type: 'outcome', outcome, file: fetched.file };
    }
    const times = (lost.get(task.id) ?? 0) + 1;
    lost.set(task.id, times);
    await whileAway(cluster, () => removeResult(cluster, key, outcome, seq), signal);
    const problem = `the series of task ${task.id} from ${outcome.provenance.host} cannot be retrieved: ${fetched.problem}`;
    if (times < MOST_LOST) {
      note(`${problem}; its result is removed and the task is sent again`);
      await whileAway(cluster, () => sendAgain(cluster, key, task), signal);
      return undefined;
    }
    const message = `${problem}, ${times} times`;
    return { type: 'failure', failure: { task, error: { code: 'TASK_FAILED', message } } };
  };
}
