import { expect, it } from 'vitest';
import { Pace } from '../../../worker/node/pace.ts';

function paceAfter(seconds: readonly number[]): Pace {
  const pace = new Pace();
  for (const each of seconds) pace.took('sweep', each);
  return pace;
}

it('tasks come one by one until enough of their sweep are known', () => {
  const pace = paceAfter(Array(15).fill(1e-4));
  expect(pace.tasksAtOnce('sweep')).toBe(1);
  expect(pace.isWorthLooking('sweep')).toBe(true);
  pace.took('sweep', 1e-4);
  expect(pace.tasksAtOnce('sweep')).toBeGreaterThan(10);
  expect(pace.isWorthLooking('sweep')).toBe(false);
  expect(pace.tasksAtOnce('another')).toBe(1);
});

it('what a slot holds is never more than a twentieth of a second of work, unless it is one task', () => {
  for (const seconds of [1e-6, 1e-3, 0.004, 0.02, 0.05, 0.06, 3]) {
    const most = paceAfter(Array(16).fill(seconds)).tasksAtOnce('sweep');
    expect(most === 1 || most * seconds <= 0.05).toBe(true);
  }
  expect(paceAfter(Array(16).fill(1)).tasksAtOnce('sweep')).toBe(1);
});

it('one long task among the last sixteen is enough to take them one by one', () => {
  const pace = paceAfter([...Array(15).fill(1e-4), 2]);
  expect(pace.tasksAtOnce('sweep')).toBe(1);
  for (let task = 0; task < 16; task++) pace.took('sweep', 1e-4);
  expect(pace.tasksAtOnce('sweep')).toBeGreaterThan(10);
});

it('a sweep that is slowed down begins anew', () => {
  const pace = paceAfter(Array(16).fill(1e-4));
  pace.slowDown('sweep');
  expect(pace.tasksAtOnce('sweep')).toBe(1);
});
