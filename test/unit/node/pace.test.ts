import { expect, it } from 'vitest';
import { type Load, Pace } from '../../../worker/node/pace.ts';

const NOTHING: Load = { tasks: 0, seconds: 0, unfinished: 0 };
const so = (tasks: number, seconds: number): Load => ({ tasks, seconds, unfinished: tasks });

/** @param trip seconds to the server and back */
function paceAfter(seconds: readonly number[], trip = 0): Pace {
  const pace = new Pace();
  for (const each of seconds) pace.took('sweep', each);
  pace.answered(trip);
  return pace;
}
const many = (seconds: number, trip = 0) => paceAfter(Array(16).fill(seconds), trip);

it('tasks come one by one until enough of their sweep are known', () => {
  const pace = paceAfter(Array(15).fill(1e-4));
  expect(pace.toRequest('sweep', NOTHING)).toBe(1);
  expect(pace.isWorthLooking('sweep')).toBe(true);
  pace.took('sweep', 1e-4);
  expect(pace.toRequest('sweep', NOTHING)).toBeGreaterThan(10);
  expect(pace.isWorthLooking('sweep')).toBe(false);
  expect(pace.toRequest('another', NOTHING)).toBe(1);
});

it('near the server, what a slot takes is never more than a twentieth of a second of work, unless it is one task', () => {
  for (const seconds of [0, 1e-6, 1e-3, 0.004, 0.02, 0.05, 0.06, 3]) {
    const pace = many(seconds);
    const most = pace.toRequest('sweep', NOTHING);
    expect(most).toBeGreaterThanOrEqual(1);
    expect(most === 1 || most * seconds <= 0.05).toBe(true);
    // and no more until half of it is done
    expect(pace.toRequest('sweep', so(most, most * seconds + 1e-3))).toBe(0);
  }
});

it('one long task among the last sixteen is enough to take them one by one', () => {
  const pace = paceAfter([...Array(15).fill(1e-4), 2]);
  expect(pace.toRequest('sweep', NOTHING)).toBe(1);
  for (let task = 0; task < 16; task++) pace.took('sweep', 1e-4);
  expect(pace.toRequest('sweep', NOTHING)).toBeGreaterThan(10);
});

it('a sweep that is slowed down has its tasks one by one, sixteen times', () => {
  const pace = many(1e-4, 0.1);
  pace.slowDown('sweep');
  for (let task = 0; task < 16; task++) {
    expect(pace.toRequest('sweep', NOTHING)).toBe(1);
    expect(pace.toRequest('sweep', so(1, 0))).toBe(0);
    pace.took('sweep', 1e-4);
  }
  expect(pace.toRequest('sweep', NOTHING)).toBeGreaterThan(10);
});

it('far from the server, the next task is requested when it can be here as the last one ends', () => {
  const pace = many(1, 0.2);
  expect(pace.toRequest('sweep', so(1, 1))).toBe(0);
  // two trips, and a little for requests of several
  expect(pace.toRequest('sweep', so(1, 0.46))).toBe(0);
  expect(pace.toRequest('sweep', so(1, 0.45))).toBe(1);
  expect(pace.toRequest('sweep', so(2, 1.4))).toBe(0);
});

it('far from the server, a slot has short tasks for the time until the next ones are here, and not for longer', () => {
  for (const seconds of [0.03, 0.05, 0.1, 0.3]) {
    const pace = many(seconds, 0.2);
    let tasks = 0;
    for (;;) {
      const more = pace.toRequest('sweep', so(tasks, tasks * seconds));
      if (more === 0) break;
      tasks += more;
    }
    expect(tasks * seconds).toBeGreaterThan(0.4);
    expect(tasks * seconds).toBeLessThanOrEqual(0.5 + seconds + 1e-9);
  }
});

it('however short the tasks and however far the server, a slot has 256 tasks at most, and requests 32 at once', () => {
  const pace = many(1e-5, 2);
  let tasks = 0;
  for (;;) {
    const more = pace.toRequest('sweep', so(tasks, tasks * 1e-5));
    expect(more).toBeLessThanOrEqual(32);
    if (more === 0) break;
    tasks += more;
  }
  expect(tasks).toBe(256);
});

it('of tasks that last much longer than the way to the server a slot requests none ahead', () => {
  for (const seconds of [9, 100, 1e5]) {
    const pace = many(seconds, 0.2);
    expect(pace.toRequest('sweep', NOTHING)).toBe(1);
    // not even while the last result is being stored
    expect(pace.toRequest('sweep', { tasks: 0, seconds: 0, unfinished: 1 })).toBe(0);
    expect(pace.toRequest('sweep', so(1, 0))).toBe(0);
  }
});

it('while few tasks of a sweep are known, a slot has no more of them than that', () => {
  for (let known = 0; known < 16; known++) {
    const pace = paceAfter(Array(known).fill(0.01), 0.2);
    expect(pace.toRequest('sweep', NOTHING)).toBe(Math.max(1, known));
  }
});

it('a server that does not answer stops the requests once a few results wait to be stored', () => {
  const pace = many(1, 0.2);
  const stored = (unfinished: number) => pace.toRequest('sweep', { tasks: 0, seconds: 0, unfinished });
  expect([0, 1, 2, 3].map(stored)).toEqual([1, 1, 1, 0]);
});

it('the way to the server is the shortest of the last sixteen', () => {
  const pace = many(0.1, 0.2);
  for (let answer = 0; answer < 15; answer++) pace.answered(30);
  const far = () => pace.enough('sweep');
  expect(far()).toBeCloseTo(0.45);
  pace.answered(30);
  expect(far()).toBeCloseTo(67.5);
  pace.answered(0.001);
  expect(far()).toBe(0);
});

it('a request waits for a second, longer where the server is far away, and for 5 s at most', () => {
  expect([0, 0.001, 0.2, 3].map((trip) => many(0.1, trip).pull)).toEqual([1000, 1010, 3000, 5000]);
});
