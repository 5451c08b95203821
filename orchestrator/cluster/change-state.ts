import type { Cluster, SweepEntry } from '../../shared/protocol/mod.ts';
import { purgeTasks, removeConsumer } from './consumer.ts';
import { changeSweeps, withEntry, withoutUnreadable } from './registry.ts';
import type { Buckets } from './streams.ts';

/** Writes the state into the list and tells the nodes; one that has been taken off the list meanwhile stays off. */
export async function setState(
  cluster: Cluster,
  { sweeps }: Buckets,
  key: string,
  state: SweepEntry['state'],
): Promise<void> {
  await changeSweeps(
    cluster,
    sweeps,
    withEntry(key, (entry) => entry && { ...entry, state }),
  );
}

/** Tasks under way are finished and their results kept; all others are taken off the server. */
export async function cancelSweep(cluster: Cluster, buckets: Buckets, key: string): Promise<void> {
  await setState(cluster, buckets, key, 'cancelled');
  await removeConsumer(cluster, key);
  await purgeTasks(cluster, key);
}

/** Takes off what cannot be read of a sweep, which another version has put on the list, with its tasks. */
export async function removeUnreadable(cluster: Cluster, { sweeps }: Buckets, key: string): Promise<void> {
  await changeSweeps(cluster, sweeps, withoutUnreadable(key));
  await removeConsumer(cluster, key);
  await purgeTasks(cluster, key);
}
