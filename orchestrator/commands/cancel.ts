import type { CommandModule } from 'yargs';
import { cancelSweep } from '../cluster/mod.ts';
import { changeState } from './change-state.ts';
import { type ClusterSweepOptions, withClusterSweep } from './with-cluster.ts';

export const cancelModule: CommandModule<object, ClusterSweepOptions> = {
  command: 'cancel <sweep>',
  describe: 'takes the tasks of the sweep off the server; results stay, and `run` goes on from them',
  builder: withClusterSweep,
  handler: (options) =>
    changeState(options, async (cluster, buckets, { key, state }) => {
      // also when it is cancelled already: an earlier command may have died half-way
      await cancelSweep(cluster, buckets, key);
      return state === 'cancelled'
        ? 'is cancelled already'
        : 'cancelled: its tasks are off the server, its results stay; the same `edgesweep run` goes on from them';
    }),
};
