import { expect, it } from 'vitest';
import { watchNodes } from '../../../orchestrator/cluster/nodes.ts';
import { type Cluster, encode, type Heartbeat, MOST_NODES, SUBJECTS, TIMINGS } from '../../../shared/protocol/mod.ts';

it('30,000 invented nodes cost a bounded number of notes and entries', () => {
  let hear = (_error: null, _message: { subject: string; data: Uint8Array }): void => {};
  const nc = {
    subscribe(_subject: string, { callback }: { callback: typeof hear }) {
      hear = callback;
      return { unsubscribe() {} };
    },
  };
  const notes: string[] = [];
  const nodes = watchNodes({ nc, timings: TIMINGS } as unknown as Cluster, (text) => notes.push(text));
  for (let i = 0; i < 30_000; i++) {
    const beat: Heartbeat = {
      node: `invented${i}`,
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
      state: 'set-aside',
      time: '2001-01-01T00:00:00.000Z',
    };
    hear(null, { subject: SUBJECTS.heartbeat(beat.node), data: encode(beat) });
  }
  expect(nodes.list()).toHaveLength(MOST_NODES);
  expect(notes).toHaveLength(101);
  expect(notes.at(-1)).toContain('not shown');
  nodes.close();
});
