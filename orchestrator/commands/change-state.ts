import type { Cluster, SweepEntry } from '../../shared/protocol/mod.ts';
import { type Counts, findBuckets, listSweeps, readCounts } from '../cluster/mod.ts';
import type { Context } from './command.ts';
import { requireServer } from './server-options.ts';
import { type ClusterSweepOptions, findGivenSweep, withCluster } from './with-cluster.ts';

type Buckets = NonNullable<Awaited<ReturnType<typeof findBuckets>>>;

/**
 * Finds the sweep on the server, changes it, and says on standard output what happened.
 * @param change returns what to say
 */
export async function changeState(
  options: ClusterSweepOptions,
  context: Context,
  change: (cluster: Cluster, buckets: Buckets, entry: SweepEntry) => Promise<string>,
): Promise<number> {
  await withCluster(requireServer(options, context), async (cluster) => {
    const entry = findGivenSweep(options, context, await listSweeps(cluster));
    const buckets = await findBuckets(cluster);
    if (buckets === undefined) return;
    const said = await change(cluster, buckets, entry);
    context.stdout.write(`${entry.key}: ${said}\n`);
    context.stdout.write(`  ${sayCounts(await readCounts(cluster, entry))}\n`);
  });
  return 0;
}

export const sayCounts = ({ done, running, pending, failed, total }: Counts): string =>
  `${done} done, ${running} running, ${pending} pending, ${failed} failed, ${total} in all`;
