import { expect, it, vi } from 'vitest';
import { watchNodes } from '../../../orchestrator/cluster/nodes.ts';
import { NUMERICS } from '../../../shared/mod.ts';
import {
  type Cluster,
  encode,
  type Heartbeat,
  MOST_NODES,
  PROTOCOL_VERSION,
  SUBJECTS,
  TIMINGS,
} from '../../../shared/protocol/mod.ts';
import { cleanLater } from '../../support/mod.ts';

const BEAT: Heartbeat = {
  node: 'node',
  host: 'h',
  pid: 1,
  version: '0',
  numerics: 'other-1',
  runtime: 'v0',
  threads: 1,
  busy: 0,
  done: 0,
  failed: 0,
  load: 0,
  protocols: [PROTOCOL_VERSION],
  state: 'set-aside',
  time: '2001-01-01T00:00:00.000Z',
};

/** Nodes that are heard as the test says. */
function listenTo(sweep?: string) {
  let hear = (_error: null, _message: { subject: string; data: Uint8Array }): void => {};
  const nc = {
    subscribe(_subject: string, { callback }: { callback: typeof hear }) {
      hear = callback;
      return { unsubscribe() {} };
    },
  };
  const notes: string[] = [];
  // so long that none is forgotten, however busy the machine
  const timings = { ...TIMINGS, heartbeat: 600_000 };
  const nodes = watchNodes({ nc, timings } as unknown as Cluster, (text) => notes.push(text), sweep);
  cleanLater(() => nodes.close());
  return {
    nodes,
    notes,
    heartbeat: timings.heartbeat,
    hear: (beat: Partial<Heartbeat> & { node: string }) =>
      hear(null, { subject: SUBJECTS.heartbeat(beat.node), data: encode(beat) }),
  };
}

it('30,000 invented nodes cost a bounded number of notes and entries', () => {
  const { nodes, notes, hear } = listenTo();
  for (let i = 0; i < 30_000; i++) hear({ ...BEAT, node: `invented${i}` });
  expect(nodes.list()).toHaveLength(MOST_NODES);
  expect(notes).toHaveLength(101);
  expect(notes.at(-1)).toContain('not shown');
});

it('the summary counts nodes and threads as they come, change and fall silent', () => {
  vi.useFakeTimers();
  cleanLater(() => {
    vi.useRealTimers();
  });
  const { nodes, hear, heartbeat } = listenTo();
  hear({ ...BEAT, node: 'first', threads: 2 });
  hear({ ...BEAT, node: 'second', threads: 4 });
  expect(nodes.summary()).toBe('2 nodes, 6 threads');
  vi.advanceTimersByTime(4 * heartbeat);
  hear({ ...BEAT, node: 'second', threads: 3 });
  expect(nodes.summary()).toBe('2 nodes, 5 threads');
  vi.advanceTimersByTime(2 * heartbeat);
  expect(nodes.summary()).toBe('1 node, 3 threads');
  // what invented nodes claim is soon forgotten
  hear({ ...BEAT, node: 'invented', threads: Number.MAX_SAFE_INTEGER });
  hear({ ...BEAT, node: 'invented too', threads: Number.MAX_SAFE_INTEGER - 1 });
  vi.advanceTimersByTime(4 * heartbeat);
  hear({ ...BEAT, node: 'second', threads: 3 });
  vi.advanceTimersByTime(2 * heartbeat);
  expect(nodes.summary()).toBe('1 node, 3 threads');
  vi.advanceTimersByTime(6 * heartbeat);
  expect(nodes.summary()).toBe('0 nodes, 0 threads');
});

it('nodes of another protocol, and those that cannot read the tasks, are reported and not counted', () => {
  const { nodes, notes, hear } = listenTo('sweep-1');
  const ready: Heartbeat = { ...BEAT, numerics: NUMERICS, state: 'ready', time: new Date().toISOString() };
  hear({ ...ready, node: 'both', protocols: [PROTOCOL_VERSION, PROTOCOL_VERSION + 1] });
  hear({ ...ready, node: 'reads-others', unreadable: ['sweep-2'] });
  expect(notes).toEqual([]);
  // before there was a second protocol
  const { protocols: _, ...earliest } = ready;
  for (let time = 0; time < 2; time++) {
    hear({ ...ready, node: 'newer', version: '9.0.0', protocols: [PROTOCOL_VERSION + 1] });
    hear({ ...earliest, node: 'earliest' });
    hear({ ...ready, node: 'older', unreadable: ['sweep-1'] });
  }
  expect(notes).toEqual([
    expect.stringMatching(
      /^node newer \(version 9\.0\.0\) has protocol 3, but this run .* the node takes none of its tasks$/,
    ),
    expect.stringMatching(/^node earliest \(version 0\) has protocol 1, but this run .* has 2: the node takes none/),
    expect.stringMatching(/^node older \(version 0\) cannot read tasks of this sweep/),
  ]);
  expect(nodes.threads().idle).toBe(2);
});
