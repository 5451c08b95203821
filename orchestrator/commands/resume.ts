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
      if (state === 'running') return 'is running already';
      if (state === 'cancelled')
        return 'is cancelled: its tasks are off the server; `edgesweep run` with --nats sends them again';
      await setState(cluster, buckets, key, 'running');
      return 'goes on';
    }),
};
