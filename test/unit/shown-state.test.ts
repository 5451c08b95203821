import { expect, it } from 'vitest';
import { shownState } from '../../orchestrator/status/cluster.ts';

it('a sweep on a server is done when all its tasks are, whatever its last command left', () => {
  const counts = { done: 5, running: 0, pending: 1, failed: 0, total: 6 };
  expect(shownState('running', counts)).toBe('running');
  expect(shownState('running', { ...counts, done: 6, pending: 0 })).toBe('done');
  expect(shownState('paused', { ...counts, done: 5, failed: 1, pending: 0 })).toBe('paused');
});
