import { EdgesweepError, EXIT } from '../../shared/mod.ts';
import type { SweepEntry } from '../../shared/protocol/mod.ts';
import {
  CHANGES,
  type ChangeName,
  type Counts,
  findBuckets,
  type Known,
  listSweeps,
  readCounts,
  readUnreadable,
  removeUnreadable,
} from '../cluster/mod.ts';
import { isSweepDirectory } from '../directory/mod.ts';
import { jsonOption } from '../options/common.ts';
import { requireServer, SERVER_PATHS } from '../options/server.ts';
import { sayCounts } from '../say-counts.ts';
import { shellWords } from '../shell-words.ts';
import { at, type Command } from './command.ts';
import { changeLocalRun } from './local-run.ts';
import { type ClusterSweepOptions, findGivenSweep, withCluster, withClusterSweep } from './with-cluster.ts';

type StateOptions = ClusterSweepOptions & { json: boolean };

/** Changes a run of this machine by its directory, or a sweep on the server, and says on standard output what happened. */
const stateCommand = (name: ChangeName): Command<StateOptions> => ({
  examples: [
    ...(name === 'cancel' ? [] : [[`${name} results/table-4.1`, 'a run of this machine, by its directory'] as const]),
    [`${name} table-4.1 --nats nats://127.0.0.1:4222`, 'a sweep by its name on the server'],
  ],
  options: (yargs) => withClusterSweep(yargs).option('json', jsonOption()),
  paths: SERVER_PATHS,
  async act(options, context) {
    const directory = at(context.cwd, options.sweep);
    // --nats names the server's, whatever folders are here
    if (options.nats === undefined && isSweepDirectory(directory)) {
      if (name === 'cancel') throw drainInstead(options.sweep);
      return changeLocalRun(name, directory, options.json, context);
    }
    await withCluster(requireServer(options, context), async (cluster) => {
      const buckets = await findBuckets(cluster);
      // nothing else can be changed of an entry that cannot be read
      const unreadable = name === 'cancel' && buckets !== undefined ? await readUnreadable(buckets.sweeps) : [];
      const entry = findGivenSweep<SweepEntry | Known>(options, context, [
        ...(await listSweeps(cluster)),
        ...unreadable,
      ]);
      if (buckets === undefined) return;
      const { key } = entry;
      const say = (message: string, counts?: Counts): void => {
        const text = `${key}: ${message}${counts === undefined ? '' : `\n  ${sayCounts(counts)}`}`;
        context.stdout.write(`${options.json ? JSON.stringify({ sweep: key, message, ...counts }) : text}\n`);
      };
      if (!('state' in entry)) {
        await removeUnreadable(cluster, buckets, key);
        return say('removed from the list, where its entry could not be read; its tasks are removed, its results stay');
      }
      const said = await CHANGES[name](cluster, buckets, entry);
      say(said, await readCounts(cluster, entry));
    });
    return EXIT.done;
  },
});

export const pause = stateCommand('pause');
export const resume = stateCommand('resume');
export const cancel = stateCommand('cancel');

const drainInstead = (directory: string): EdgesweepError =>
  new EdgesweepError('USAGE', 'a run of this machine is drained, not cancelled', {
    where: directory,
    expected: 'a sweep on a server',
    fix: `edgesweep drain ${shellWords([directory])}`,
  });
