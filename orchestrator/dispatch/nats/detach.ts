import { dataNeeds } from '../../../shared/mod.ts';
import { type Cluster, sweepKey } from '../../../shared/protocol/mod.ts';
import type { Expansion, Sweep } from '../../../shared/sweep/mod.ts';
import { findBuckets } from '../../cluster/buckets.ts';
import { enqueueTasks } from '../../cluster/enqueue.ts';
import { registerSweep, removeSweep } from '../../cluster/registration.ts';
import { readSweeps } from '../../cluster/registry.ts';
import { spaceFor } from '../../cluster/space.ts';
import { ensureStreams } from '../../cluster/streams.ts';
import type { SetAside } from '../../directory/mod.ts';
import type { Work } from '../../work.ts';
import { Refusals } from './refusals.ts';

/** Sends all tasks that are left to the server, for the nodes to compute while no orchestrator runs. */
export async function sendDetached(
  cluster: Cluster,
  {
    sweep,
    expansion,
    replicas,
    setAside,
    note,
  }: {
    sweep: Sweep;
    expansion: Expansion;
    replicas: number;
    /** nodes that are to take none of them */
    setAside: readonly SetAside[];
    note(text: string): void;
  },
  work: Work,
  signal: AbortSignal,
): Promise<void> {
  const key = sweepKey(sweep, expansion);
  const buckets = await ensureStreams(cluster, replicas, spaceFor(sweep, expansion));
  const needs = dataNeeds(expansion.cells);
  await registerSweep(cluster, buckets, key, { sweep, expansion }, work, needs, new Refusals(setAside).list());
  await enqueueTasks(cluster, key, work.tasks(), { signal, note });
}

/** Takes a sweep of which all is recorded off the server, if it is still there. */
export async function forgetSweep(cluster: Cluster, sweep: Sweep, expansion: Expansion): Promise<void> {
  const key = sweepKey(sweep, expansion);
  const buckets = await findBuckets(cluster);
  if (buckets === undefined) return;
  const listed = await readSweeps(buckets.sweeps);
  if (listed.some((entry) => entry.key === key)) await removeSweep(cluster, buckets, key);
}
