import { type DataNeed, numericsOf } from '../../shared/mod.ts';
import { type Cluster, MOST_REFUSED, type Refusal, STREAMS, SUBJECTS } from '../../shared/protocol/mod.ts';
import type { Sweep } from '../../shared/sweep/mod.ts';
import type { Work } from '../work.ts';
import { ensureConsumer, purgeTasks, removeConsumer } from './consumer.ts';
import { changeSweeps, withEntry } from './registry.ts';
import { purgeCheckpoints } from './series.ts';
import type { Buckets } from './streams.ts';
import { countMessages } from './tail.ts';

/** Puts a sweep on the list that the nodes read, and makes the consumer that hands out its tasks. */
export async function registerSweep(
  cluster: Cluster,
  { sweeps }: Buckets,
  key: string,
  { name, engine }: Sweep,
  work: Work,
  needs: readonly DataNeed[],
  refused: readonly Refusal[] = [],
): Promise<void> {
  const results = await countMessages(cluster, STREAMS.results, SUBJECTS.result(key, '*'));
  const elsewhere = Math.max(0, work.total - work.left() - results);
  await ensureConsumer(cluster, key);
  await changeSweeps(
    cluster,
    sweeps,
    withEntry(key, (old) => {
      // a paused sweep stays paused; one that was cancelled begins again
      const state = old?.state === 'paused' ? 'paused' : 'running';
      return {
        key,
        name,
        state,
        numerics: numericsOf(engine),
        total: work.total,
        data: [...needs],
        elsewhere,
        refused: [...refused],
      };
    }),
  );
}

/** Tells the nodes which of them are to take no tasks of the sweep. What another orchestrator of the sweep has told stays. */
export async function writeRefused(
  cluster: Cluster,
  { sweeps }: Buckets,
  key: string,
  refused: readonly Refusal[],
): Promise<void> {
  await changeSweeps(
    cluster,
    sweeps,
    withEntry(key, (entry) => entry && { ...entry, refused: union(refused, entry.refused) }),
  );
}

function union(ours: readonly Refusal[], others: readonly Refusal[]): Refusal[] {
  const keys = new Set(ours.map(({ key }) => key));
  return [...ours, ...others.filter(({ key }) => !keys.has(key))].slice(0, MOST_REFUSED);
}

/** Takes a sweep off the list and its tasks off the server; its results, with their series, stay for others to collect. */
export async function removeSweep(cluster: Cluster, { sweeps }: Buckets, key: string): Promise<void> {
  await changeSweeps(
    cluster,
    sweeps,
    withEntry(key, () => undefined),
  );
  await removeConsumer(cluster, key);
  await purgeTasks(cluster, key);
  await purgeCheckpoints(cluster, key);
}
