import { expect, it } from 'vitest';
import { follow } from '../../../orchestrator/cluster/tail.ts';
import { type Cluster, TIMINGS } from '../../../shared/protocol/mod.ts';

async function* nothing() {}

it('a server that lost its last messages is read from the start', async () => {
  const ended = new AbortController();
  const starts: number[] = [];
  let last = 3;
  const consumer = {
    info: async () => ({ num_pending: 1 }),
    consume: async () => {
      async function* messages() {
        const first = starts[starts.length - 1];
        for (let seq = first; seq <= last; seq++) yield { seq, info: { pending: last - seq } };
      }
      return Object.assign(messages(), { stop: () => {}, status: nothing });
    },
  };
  const cluster = {
    nc: { status: nothing },
    jsm: { streams: { info: async () => ({ created: 'then', state: { last_seq: last } }) } },
    js: {
      consumers: {
        get: async (_: string, { opt_start_seq }: { opt_start_seq: number }) => {
          starts.push(opt_start_seq);
          if (starts.length === 2) last = 1;
          if (starts.length === 3) ended.abort();
          return consumer;
        },
      },
    },
    timings: { ...TIMINGS, retry: 1 },
  } as unknown as Cluster;
  await follow(cluster, 'results', 'es.result.>', ended.signal, async () => {});
  expect(starts).toEqual([1, 4, 1]);
});
