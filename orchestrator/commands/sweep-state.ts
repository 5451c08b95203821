import { EXIT } from '../../shared/mod.ts';
import { CHANGES, type ChangeName, findBuckets, listSweeps, readCounts, sayCounts } from '../cluster/mod.ts';
import type { Command } from './command.ts';
import { jsonOption } from './options.ts';
import { requireServer, SERVER_PATHS } from './server-options.ts';
import { type ClusterSweepOptions, findGivenSweep, withCluster, withClusterSweep } from './with-cluster.ts';

type StateOptions = ClusterSweepOptions & { json: boolean };

/** A command that finds a sweep on the server, changes its state, and says on standard output what happened. */
const stateCommand = (name: ChangeName): Command<StateOptions> => ({
  examples: [[`${name} table-4.1 --nats nats://127.0.0.1:4222`, 'a sweep by its name on the server']],
  options: (yargs) => withClusterSweep(yargs).option('json', jsonOption()),
  paths: SERVER_PATHS,
  async act(options, context) {
    await withCluster(requireServer(options, context), async (cluster) => {
      const entry = findGivenSweep(options, context, await listSweeps(cluster));
      const buckets = await findBuckets(cluster);
      if (buckets === undefined) return;
      const said = await CHANGES[name](cluster, buckets, entry);
      const counts = await readCounts(cluster, entry);
      const object = { sweep: entry.key, message: said, ...counts };
      const text = options.json ? JSON.stringify(object) : `${entry.key}: ${said}\n  ${sayCounts(counts)}`;
      context.stdout.write(`${text}\n`);
    });
    return EXIT.done;
  },
});

export const pause = stateCommand('pause');
export const resume = stateCommand('resume');
export const cancel = stateCommand('cancel');
