import { EXIT } from '../../shared/mod.ts';
import type { Cluster, SweepEntry } from '../../shared/protocol/mod.ts';
import { type Counts, cancelSweep, findBuckets, listSweeps, readCounts, setState } from '../cluster/mod.ts';
import type { Command } from './command.ts';
import { jsonOption } from './options.ts';
import { requireServer, SERVER_PATHS } from './server-options.ts';
import { type ClusterSweepOptions, findGivenSweep, withCluster, withClusterSweep } from './with-cluster.ts';

type StateOptions = ClusterSweepOptions & { json: boolean };

type Buckets = NonNullable<Awaited<ReturnType<typeof findBuckets>>>;

/**
 * A command that finds a sweep on the server, changes its state, and says on standard output what happened.
 * @param change returns what to say
 */
const stateCommand = (
  name: 'pause' | 'resume' | 'cancel',
  change: (cluster: Cluster, buckets: Buckets, entry: SweepEntry) => Promise<string>,
): Command<StateOptions> => ({
  examples: [[`${name} table-4.1 --nats nats://127.0.0.1:4222`, 'a sweep by its name on the server']],
  options: (yargs) => withClusterSweep(yargs).option('json', jsonOption()),
  paths: SERVER_PATHS,
  async act(options, context) {
    await withCluster(requireServer(options, context), async (cluster) => {
      const entry = findGivenSweep(options, context, await listSweeps(cluster));
      const buckets = await findBuckets(cluster);
      if (buckets === undefined) return;
      const said = await change(cluster, buckets, entry);
      const counts = await readCounts(cluster, entry);
      const object = { sweep: entry.key, message: said, ...counts };
      const text = options.json ? JSON.stringify(object) : `${entry.key}: ${said}\n  ${sayCounts(counts)}`;
      context.stdout.write(`${text}\n`);
    });
    return EXIT.done;
  },
});

export const pause = stateCommand('pause', async (cluster, buckets, { key, state }) => {
  if (state === 'paused') return 'is already paused';
  if (state === 'cancelled') return 'is cancelled: there is nothing to pause';
  await setState(cluster, buckets, key, 'paused');
  return 'paused; tasks in flight are finished; `edgesweep resume` continues';
});

export const resume = stateCommand('resume', async (cluster, buckets, { key, state }) => {
  if (state === 'running') return 'is already running';
  if (state === 'cancelled')
    return 'is cancelled: its tasks are removed from the server; `edgesweep run` with --nats sends them again';
  await setState(cluster, buckets, key, 'running');
  return 'continues';
});

export const cancel = stateCommand('cancel', async (cluster, buckets, { key, state }) => {
  // also when it is already cancelled: an earlier command may have died half-way
  await cancelSweep(cluster, buckets, key);
  return state === 'cancelled'
    ? 'is already cancelled'
    : 'cancelled: its tasks are removed from the server, its results stay; rerun the same `edgesweep run` to resume';
});

export const sayCounts = ({ done, running, pending, failed, total }: Counts): string =>
  `${done} done, ${running} running, ${pending} pending, ${failed} failed, ${total} in all`;
