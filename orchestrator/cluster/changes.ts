import type { Cluster, SweepEntry } from '../../shared/protocol/mod.ts';
import { cancelSweep, setState } from './change-state.ts';
import type { Buckets } from './streams.ts';

/** Changes the state of a sweep on the server. @returns what to say of it */
type Change = (cluster: Cluster, buckets: Buckets, entry: SweepEntry) => Promise<string>;

export const CHANGES = {
  async pause(cluster, buckets, { key, state }) {
    if (state === 'paused') return 'is already paused';
    if (state === 'cancelled') return 'is cancelled: there is nothing to pause';
    await setState(cluster, buckets, key, 'paused');
    return 'paused; tasks in flight are finished; `edgesweep resume` continues';
  },
  async resume(cluster, buckets, { key, state }) {
    if (state === 'running') return 'is already running';
    if (state === 'cancelled')
      return 'is cancelled: its tasks are removed from the server; `edgesweep run` with --nats sends them again';
    await setState(cluster, buckets, key, 'running');
    return 'continues';
  },
  async cancel(cluster, buckets, { key, state }) {
    // also when it is already cancelled: an earlier command may have died half-way
    await cancelSweep(cluster, buckets, key);
    return state === 'cancelled'
      ? 'is already cancelled'
      : 'cancelled: its tasks are removed from the server, its results stay; rerun the same `edgesweep run` to resume';
  },
} as const satisfies Record<string, Change>;

export type ChangeName = keyof typeof CHANGES;
