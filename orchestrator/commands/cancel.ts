import { cancelSweep } from '../cluster/mod.ts';
import { changeState } from './change-state.ts';
import type { Command } from './command.ts';
import { SERVER_PATHS } from './server-options.ts';
import { type ClusterSweepOptions, withClusterSweep } from './with-cluster.ts';

export const command: Command<ClusterSweepOptions> = {
  options: withClusterSweep,
  paths: SERVER_PATHS,
  act: (options, context) =>
    changeState(options, context, async (cluster, buckets, { key, state }) => {
      // also when it is cancelled already: an earlier command may have died half-way
      await cancelSweep(cluster, buckets, key);
      return state === 'cancelled'
        ? 'is cancelled already'
        : 'cancelled: its tasks are off the server, its results stay; the same `edgesweep run` goes on from them';
    }),
};
