import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';
import type { Task } from '../../shared/mod.ts';
import { type Cluster, encode, publishOnce, SUBJECTS } from '../../shared/protocol/mod.ts';

/** Publications that wait for their acknowledgement at once. */
const IN_FLIGHT = 256;

export type EnqueueOptions = {
  signal: AbortSignal;
  /** awaited before each task is drawn, to hold back */
  mayGoOn?(): Promise<void>;
  /** Is the result of the task there, so that it need not be sent? What it throws is tried again. */
  isRecorded?(task: Task): Promise<boolean>;
  /** told when the server takes nothing */
  note(text: string): void;
};

/**
 * Publishes tasks, a bounded number at a time, until the server has them all; a task that is there already stays as it is. Tasks are
 * drawn as they are sent.
 */
export async function enqueueTasks(
  cluster: Cluster,
  sweep: string,
  tasks: Iterable<Task>,
  { signal, mayGoOn, isRecorded, note }: EnqueueOptions,
): Promise<void> {
  const limit = pLimit(IN_FLIGHT);
  const underWay = new Set<Promise<void>>();
  // each task that waits for the server listens to it
  setMaxListeners(0, signal);
  let told = false;
  const tell = (text: string) => {
    if (!told && !signal.aborted) note(text);
    told = true;
  };
  const isDone = async (task: Task): Promise<boolean> => {
    try {
      if (await isRecorded?.(task)) return true;
      const published = await publishOnce(cluster.js, SUBJECTS.task(sweep, task.id), encode(task));
      if (published === 'stored' || published === 'exists') return true;
      if (published === 'full')
        tell('the server has no space for more tasks: waiting (raise its max_file_store, or collect finished sweeps)');
      else tell('no answer from the server: waiting');
    } catch {
      tell('no answer from the server: waiting');
    }
    return false;
  };
  const send = async (task: Task): Promise<void> => {
    while (!signal.aborted && !(await isDone(task)))
      await sleep(cluster.timings.retry, undefined, { signal }).catch(() => {});
  };
  const source = tasks[Symbol.iterator]();
  for (;;) {
    await mayGoOn?.();
    if (signal.aborted) break;
    const drawn = source.next();
    if (drawn.done) break;
    const sent = limit(send, drawn.value).finally(() => underWay.delete(sent));
    underWay.add(sent);
    if (underWay.size >= IN_FLIGHT) await Promise.race(underWay);
  }
  await Promise.all(underWay);
}
