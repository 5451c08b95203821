import { setState } from '../cluster/mod.ts';
import { changeState } from './change-state.ts';
import type { Command } from './command.ts';
import { SERVER_PATHS } from './server-options.ts';
import { type ClusterSweepOptions, withClusterSweep } from './with-cluster.ts';

export const command: Command<ClusterSweepOptions> = {
  options: withClusterSweep,
  paths: SERVER_PATHS,
  act: (options, context) =>
    changeState(options, context, async (cluster, buckets, { key, state }) => {
      if (state === 'paused') return 'is paused already';
      if (state === 'cancelled') return 'is cancelled: there is nothing to pause';
      await setState(cluster, buckets, key, 'paused');
      return 'paused; the tasks under way are finished, `edgesweep resume` goes on';
    }),
};
