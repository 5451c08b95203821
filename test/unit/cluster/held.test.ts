import { expect, it } from 'vitest';
import { type Standing, watchHeld } from '../../../orchestrator/dispatch/nats/held.ts';

const MOST = 100;
const held: Standing = { queued: 0, underWay: 50, idle: 2, busy: 0, left: 50 };

/** The seconds at which tasks are handed out again, asked each second. */
function timesOf(standingAt: (second: number) => Standing, seconds = 1000): number[] {
  const isTime = watchHeld(60, MOST);
  return Array.from({ length: seconds }, (_, second) => second).filter((second) => isTime(standingAt(second), second));
}

it('tasks that somebody keeps while others are idle are handed out again, after twice as long each time', () => {
  expect(timesOf(() => held)).toEqual([60, 120, 240, 480, 960]);
});

it('and as often as it brings outcomes', () => {
  expect(timesOf((second) => ({ ...held, left: 50 - Math.floor(second / 60) }), 300)).toEqual([60, 120, 180, 240]);
});

it('also where the server hands out no more', () => {
  expect(timesOf(() => ({ ...held, queued: 9, underWay: MOST }), 100)).toEqual([60]);
});

it.each([
  ['nobody is idle', { idle: 0 }],
  ['tasks are waiting', { queued: 1 }],
  ['nothing is under way', { underWay: 0 }],
])('never while %s', (_, parts) => {
  expect(timesOf(() => ({ ...held, ...parts }))).toEqual([]);
});

it('long tasks are left with the nodes that say they are busy with them, for a long time', () => {
  expect(timesOf(() => ({ ...held, busy: 50 }), 3000)).toEqual([1800]);
});

it('a node that is idle for a moment counts anew', () => {
  expect(timesOf((second) => ({ ...held, idle: second % 50 === 0 ? 0 : 1 }))).toEqual([]);
});
