import type { KV } from '@nats-io/kv';
import { expect, it } from 'vitest';
import {
  changeSweeps,
  readOwnSweep,
  readUnreadable,
  refuseNewer,
  withEntry,
  withoutUnreadable,
} from '../../../orchestrator/cluster/registry.ts';
import { NUMERICS } from '../../../shared/mod.ts';
import { type Cluster, encode, PROTOCOL_VERSION, type SweepEntry } from '../../../shared/protocol/mod.ts';

const ours: SweepEntry = {
  key: 'probe-1',
  protocol: PROTOCOL_VERSION,
  version: '1.0.0',
  name: 'probe',
  state: 'running',
  numerics: NUMERICS,
  total: 1,
  costs: [],
  elsewhere: 0,
  data: [],
  refused: [],
};
const cluster = { nc: { publish: () => {} } } as unknown as Cluster;

/** A bucket that holds the list. */
function bucketWith(entries: unknown[]) {
  let list = encode(entries);
  const kv = {
    get: async () => ({ operation: 'PUT', value: list, revision: 1 }),
    put: async (_: string, value: Uint8Array) => {
      list = value;
    },
  };
  return { sweeps: kv as unknown as KV, read: () => JSON.parse(Buffer.from(list).toString()) as unknown[] };
}

it('an entry that nobody could read is not put on the list', async () => {
  const { sweeps, read } = bucketWith([{ form: 'later' }]);
  const costs: SweepEntry['costs'] = [[Number.NaN, 0]];
  await expect(
    changeSweeps(
      cluster,
      sweeps,
      withEntry(ours.key, () => ({ ...ours, costs })),
    ),
  ).rejects.toThrow('the list of sweeps would not be readable');
  expect(read()).toEqual([{ form: 'later' }]);
});

it('an entry that cannot be read is found by its key and taken off; the others stay', async () => {
  const strange = [{ form: 'later' }, { key: 'not a key' }, 7];
  const { sweeps, read } = bucketWith([ours, ...strange, { ...ours, key: 'broken-1', costs: [[null, 0]] }]);
  expect(await readUnreadable(sweeps)).toEqual([{ key: 'broken-1', name: 'broken-1' }]);
  await changeSweeps(cluster, sweeps, withoutUnreadable('broken-1'));
  expect(read()).toEqual([ours, ...strange]);
});

it('a sweep of a newer protocol is refused until it is cancelled, also within the change', async () => {
  const newer = { ...ours, protocol: PROTOCOL_VERSION + 1 };
  const { sweeps } = bucketWith([newer]);
  const change = changeSweeps(cluster, sweeps, (list) => {
    refuseNewer(list, ours.key);
    return list;
  });
  await expect(change).rejects.toMatchObject({ code: 'NATS_OTHER_VERSION' });
  await expect(readOwnSweep(sweeps, ours.key)).rejects.toMatchObject({ code: 'NATS_OTHER_VERSION' });
  await changeSweeps(
    cluster,
    sweeps,
    withEntry(ours.key, (entry) => entry && { ...entry, state: 'cancelled' }),
  );
  expect(await readOwnSweep(sweeps, ours.key)).toMatchObject({ state: 'cancelled' });
});
