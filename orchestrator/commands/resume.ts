import type { CommandModule } from 'yargs';
import { setState } from '../cluster/mod.ts';
import { changeState } from './change-state.ts';
import { type ClusterSweepOptions, withClusterSweep } from './with-cluster.ts';

export const resumeModule: CommandModule<object, ClusterSweepOptions> = {
  command: 'resume <sweep>',
  describe: 'nodes take tasks of the paused sweep again',
  builder: withClusterSweep,
  handler: (options) =>
    changeState(options, async (cluster, buckets, { key, state }) => {
      if (state === 'running') return 'is running already';
      if (state === 'cancelled')
        return 'is cancelled: its tasks are off the server; `edgesweep run` with --nats sends them again';
      await setState(cluster, buckets, key, 'running');
      return 'goes on';
    }),
};
