import type { CommandModule } from 'yargs';
import { setState } from '../cluster/mod.ts';
import { changeState } from './change-state.ts';
import { type ClusterSweepOptions, withClusterSweep } from './with-cluster.ts';

export const pauseModule: CommandModule<object, ClusterSweepOptions> = {
  command: 'pause <sweep>',
  describe: 'no node takes further tasks of the sweep, until `resume`; those under way are finished',
  builder: withClusterSweep,
  handler: (options) =>
    changeState(options, async (cluster, buckets, { key, state }) => {
      if (state === 'paused') return 'is paused already';
      if (state === 'cancelled') return 'is cancelled: there is nothing to pause';
      await setState(cluster, buckets, key, 'paused');
      return 'paused; the tasks under way are finished, `edgesweep resume` goes on';
    }),
};
