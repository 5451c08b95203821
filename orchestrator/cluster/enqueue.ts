import { setTimeout as sleep } from 'node:timers/promises';
import { jetstream } from '@nats-io/jetstream';
import pLimit from 'p-limit';
import type { Task } from '../../shared/mod.ts';
import { type Cluster, encode, publishOnce, SUBJECTS } from '../../shared/protocol/mod.ts';

/** Publications that wait for their acknowledgement at once. */
const IN_FLIGHT = 256;
const RETRY_MS = 1000;

/**
 * Publishes tasks, a bounded number at a time, until the server has them all; a task that is there already stays as it is.
 * @param mayGoOn awaited before each task, to hold back
 * @param note told when the server takes nothing
 */
export async function enqueueTasks(
  cluster: Cluster,
  sweep: string,
  tasks: Iterable<Task>,
  signal: AbortSignal,
  mayGoOn: () => Promise<void>,
  note: (text: string) => void,
): Promise<void> {
  const js = jetstream(cluster.nc);
  const limit = pLimit(IN_FLIGHT);
  const underWay = new Set<Promise<void>>();
  let told = false;
  const publish = async (task: Task): Promise<void> => {
    for (;;) {
      if (signal.aborted) return;
      const published = await publishOnce(js, SUBJECTS.task(sweep, task.id), encode(task));
      if (published === 'stored' || published === 'exists') return;
      if (!told) {
        note(
          published === 'full'
            ? 'the server has no room for more tasks: waiting (raise its max_file_store, or collect finished sweeps)'
            : 'no answer from the server: waiting for it',
        );
      }
      told = true;
      await sleep(RETRY_MS, undefined, { signal }).catch(() => {});
    }
  };
  for (const task of tasks) {
    await mayGoOn();
    if (signal.aborted) break;
    const published = limit(publish, task).finally(() => underWay.delete(published));
    underWay.add(published);
    if (underWay.size >= IN_FLIGHT) await Promise.race(underWay);
  }
  await Promise.all(underWay);
}
