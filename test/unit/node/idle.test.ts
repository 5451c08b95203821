import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { watchIdle } from '../../../worker/node/idle.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it('a node is idle from the end of its last task, however long that took', () => {
  const counts = { busy: 0 };
  const end = vi.fn();
  const { onTask } = watchIdle(counts, 10, end);
  vi.advanceTimersByTime(9000);
  counts.busy = 1;
  onTask();
  vi.advanceTimersByTime(60_000);
  expect(end).not.toHaveBeenCalled();
  counts.busy = 0;
  vi.advanceTimersByTime(9000);
  expect(end).not.toHaveBeenCalled();
  vi.advanceTimersByTime(2000);
  expect(end).toHaveBeenCalled();
});

it('a node without a limit never ends for being idle', () => {
  const end = vi.fn();
  expect(watchIdle({ busy: 0 }, undefined, end).timers).toEqual([]);
  vi.advanceTimersByTime(1e9);
  expect(end).not.toHaveBeenCalled();
});
