import { expect, it } from 'vitest';
import { follow } from '../../../orchestrator/cluster/tail.ts';
import { type Cluster, TIMINGS } from '../../../shared/protocol/mod.ts';

async function* nothing() {}

/** Messages of a reader: the numbers from `first` to `last`. */
function readerOf(first: number, last: () => number) {
  async function* messages() {
    for (let seq = first; seq <= last(); seq++) yield { seq, info: { pending: last() - seq } };
  }
  return {
    info: async () => ({ num_pending: 1 }),
    consume: async () => Object.assign(messages(), { stop: () => {}, status: nothing }),
  };
}

it('a reader that was put on a dead server, and of which nobody says anything, is soon asked for again', async () => {
  const ended = new AbortController();
  let asked = 0;
  const cluster = {
    nc: { status: nothing },
    jsm: { streams: { info: async () => ({ created: 'then', state: { last_seq: 1 } }) } },
    js: { consumers: { get: () => (++asked === 1 ? new Promise(() => {}) : Promise.resolve(readerOf(1, () => 1))) } },
    timings: { ...TIMINGS, answer: 30, retry: 1 },
  } as unknown as Cluster;
  const seen: number[] = [];
  await follow(cluster, 'results', 'es.result.>', ended.signal, async ({ seq }) => {
    seen.push(seq);
    ended.abort();
  });
  expect({ asked, seen }).toEqual({ asked: 2, seen: [1] });
});

it('a server that lost its last messages is read from the start', async () => {
  const ended = new AbortController();
  const starts: number[] = [];
  let last = 3;
  const cluster = {
    nc: { status: nothing },
    jsm: { streams: { info: async () => ({ created: 'then', state: { last_seq: last } }) } },
    js: {
      consumers: {
        get: async (_: string, { opt_start_seq }: { opt_start_seq: number }) => {
          starts.push(opt_start_seq);
          if (starts.length === 2) last = 1;
          if (starts.length === 3) ended.abort();
          return readerOf(opt_start_seq, () => last);
        },
      },
    },
    timings: { ...TIMINGS, retry: 1 },
  } as unknown as Cluster;
  await follow(cluster, 'results', 'es.result.>', ended.signal, async () => {});
  expect(starts).toEqual([1, 4, 1]);
});
