import { Kvm } from '@nats-io/kv';
import { BUCKETS, type Cluster, STREAMS, type SweepEntry } from '../../shared/protocol/mod.ts';
import { readSweeps } from './registry.ts';
import { type Buckets, hasStream } from './streams.ts';

/** The buckets of a server that an orchestrator has used; undefined when none has. Makes nothing. */
export async function findBuckets(cluster: Cluster): Promise<Buckets | undefined> {
  if (!(await hasStream(cluster, `KV_${BUCKETS.sweeps}`)) || !(await hasStream(cluster, STREAMS.tasks)))
    return undefined;
  const kvm = new Kvm(cluster.nc);
  const open = (name: string) => kvm.open(name, { allow_direct: true });
  return { sweeps: await open(BUCKETS.sweeps), attempts: await open(BUCKETS.attempts) };
}

/** The sweeps on the list of the server, by name; none when nobody has used it yet. */
export async function listSweeps(cluster: Cluster): Promise<SweepEntry[]> {
  const buckets = await findBuckets(cluster);
  const entries = buckets === undefined ? [] : await readSweeps(buckets.sweeps);
  return entries.sort((a, b) => (a.key < b.key ? -1 : 1));
}
