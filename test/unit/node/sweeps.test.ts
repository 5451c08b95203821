import type { KV } from '@nats-io/kv';
import { expect, it } from 'vitest';
import { NUMERICS } from '../../../shared/mod.ts';
import { encode, PROTOCOL_VERSION, type SweepEntry, TIMINGS } from '../../../shared/protocol/mod.ts';
import type { NodeContext } from '../../../worker/node/context.ts';
import { type SweepList, watchSweeps } from '../../../worker/node/sweeps.ts';
import { watchVersions } from '../../../worker/node/versions.ts';
import { cleanLater } from '../../support/mod.ts';

const entry = (key: string, changes: Partial<SweepEntry> = {}): SweepEntry => ({
  key,
  protocol: PROTOCOL_VERSION,
  version: '1.0.0',
  name: key,
  state: 'running',
  numerics: NUMERICS,
  total: 1,
  costs: [],
  elsewhere: 0,
  data: [],
  refused: [],
  ...changes,
});

type Listed = {
  list: SweepList;
  notes: string[];
  looks: () => number;
  wake: () => void;
  put: (value: Uint8Array) => void;
};

/** The list of a node, over a bucket that holds what the test says. */
async function listOf(entries: SweepEntry[], sweeps?: string[]): Promise<Listed> {
  let [value, looks, wake] = [encode(entries), 0, () => {}];
  const notes: string[] = [];
  const context = {
    options: { sweeps },
    note: (text: string) => void notes.push(text),
    versions: watchVersions(() => {}),
    cluster: {
      timings: TIMINGS,
      nc: {
        subscribe: (_: string, { callback }: { callback: () => void }) => {
          wake = callback;
          return { unsubscribe: () => {} };
        },
      },
    },
  } as unknown as NodeContext;
  const bucket = {
    get: async () => {
      looks += 1;
      await new Promise(setImmediate);
      return { operation: 'PUT', value };
    },
  } as unknown as KV;
  const list = watchSweeps(context, bucket, 'threads');
  cleanLater(() => list.close());
  await list.changed();
  return { list, notes, looks: () => looks, wake: () => wake(), put: (changed) => (value = changed) };
}

/** Asks so often, and answers with a task for those that have some. */
function ask({ list }: Listed, times: number, withTasks: readonly string[]): Record<string, number> {
  const asked: Record<string, number> = {};
  for (let time = 0; time < times; time++) {
    const key = list.next() ?? 'none';
    asked[key] = (asked[key] ?? 0) + 1;
    list.answered(key, withTasks.includes(key));
  }
  return asked;
}

it('sweeps with tasks get their turns alike', async () => {
  const listed = await listOf([entry('a'), entry('b'), entry('c')]);
  expect(ask(listed, 300, ['a', 'b', 'c'])).toEqual({ a: 100, b: 100, c: 100 });
});

it('a sweep without tasks takes hardly any turns from one that has some', async () => {
  const listed = await listOf([entry('idle'), entry('busy'), entry('empty')]);
  const asked = ask(listed, 1000, ['busy']);
  expect(asked.idle).toBeLessThanOrEqual(2);
  expect(asked.empty).toBeLessThanOrEqual(2);
});

it('when no sweep has tasks, all are asked', async () => {
  const listed = await listOf([entry('a'), entry('b')]);
  const asked = ask(listed, 100, []);
  expect(asked.a).toBeGreaterThanOrEqual(40);
  expect(asked.b).toBeGreaterThanOrEqual(40);
});

it('a sweep that is new on the list, or back on it, is asked first', async () => {
  const listed = await listOf([entry('a'), entry('b')]);
  ask(listed, 10, ['a']);
  listed.put(encode([entry('a'), entry('c'), entry('b', { state: 'paused' })]));
  listed.wake();
  await listed.list.changed();
  expect(listed.list.next()).toBe('c');
  listed.put(encode([entry('a'), entry('c'), entry('b')]));
  listed.wake();
  await listed.list.changed();
  expect(listed.list.next()).toBe('b');
});

it('only sweeps that run, are of our arithmetic and asked for are on the list', async () => {
  const entries = [
    entry('mine'),
    entry('paused', { state: 'paused' }),
    entry('cancelled', { state: 'cancelled' }),
    entry('other', { numerics: 'float16-9' }),
    entry('not-asked-for'),
  ];
  const listed = await listOf(entries, ['mine', 'paused', 'cancelled', 'other']);
  expect(ask(listed, 10, ['mine'])).toEqual({ mine: 10 });
  expect(listed.notes).toEqual([expect.stringContaining('sweep other needs arithmetic float16-9')]);
});

it('sweeps of another protocol, and entries that only another version can read, are passed over', async () => {
  const listed = await listOf([
    entry('mine'),
    entry('newer', { protocol: 99, version: '99.0.0' }),
    entry('older', { protocol: 1, version: '0.0.1' }),
  ]);
  expect(ask(listed, 3, ['mine'])).toEqual({ mine: 3 });
  expect(listed.notes).toEqual([
    expect.stringMatching(
      /^sweep newer has protocol 99 \(edgesweep 99\.0\.0\), but this node has protocol 2 .*install/,
    ),
    // it would refuse the results of this node
    expect.stringContaining('sweep older has protocol 1 (edgesweep 0.0.1), but this node has protocol 2'),
  ]);
  listed.put(encode([{ key: 'strange', form: 'new' }, entry('mine'), entry('second')]));
  for (let time = 0; time < 2; time++) {
    listed.wake();
    await listed.list.changed();
  }
  expect(Object.keys(ask(listed, 4, ['mine', 'second'])).sort()).toEqual(['mine', 'second']);
  expect(listed.notes.slice(2)).toEqual([
    expect.stringContaining('1 sweep on the list cannot be read and is passed over'),
  ]);
});

it('however often the node is woken, one look is under way and one to come', async () => {
  const listed = await listOf([entry('a')]);
  const before = listed.looks();
  for (let time = 0; time < 1000; time++) listed.wake();
  for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
  expect(listed.looks() - before).toBe(2);
});

it('a list that cannot be read is told of once, and the last one that could be stays', async () => {
  const listed = await listOf([entry('a')]);
  listed.put(encode('no list'));
  for (let time = 0; time < 3; time++) {
    listed.wake();
    await listed.list.changed();
  }
  expect(listed.notes).toEqual([expect.stringContaining('the list of sweeps cannot be read')]);
  expect(listed.list.next()).toBe('a');
});
