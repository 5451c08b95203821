import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { quickTasks } from '../../conformance/tasks.ts';
import { MadeUpServer, until } from './far.ts';

beforeEach(
  () =>
    void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'] }),
);
afterEach(() => void vi.useRealTimers());

/** Milliseconds to the server and back. */
const TRIP = 200;

it.each([
  { ms: 20, count: 150, share: 0.5 },
  { ms: 50, count: 120, share: 0.7 },
  { ms: 200, count: 100, share: 0.8 },
  { ms: 1000, count: 40, share: 0.9 },
  { ms: 5000, count: 10, share: 0.9 },
])('far from the server, threads compute tasks of $ms ms nearly all the time', async ({ ms, count, share }) => {
  const server = new MadeUpServer(quickTasks(2 * count));
  const { node } = server.startNode(2, TRIP, () => ms);
  const seconds = await until(() => server.done.size === 2 * count, 1000, Math.max(10, ms / 20));
  expect((count * ms) / 1000 / seconds).toBeGreaterThan(share);
  expect(server.begun).toHaveLength(2 * count);
  // what lies there is what the trips take: one to be requested, one to look, one to store, and one for what varies
  expect(node.most).toBeLessThanOrEqual(2 * (2 + Math.ceil((4 * TRIP) / ms)));
});

it('a far node keeps no task from a near one that has nothing to do', async () => {
  for (const ms of [50, 1000, 20_000]) {
    const count = 40;
    const server = new MadeUpServer(quickTasks(count));
    const far = server.startNode(2, TRIP, () => ms);
    const near = server.startNode(2, 1, () => ms);
    const seconds = await until(() => server.done.size === count, 10_000, Math.max(10, ms / 20));
    // three trips, and what cannot be divided
    const ideal = (Math.ceil(count / 4) * ms) / 1000;
    expect(seconds - ideal).toBeLessThan(((3 + 1) * TRIP + ms) / 1000 + 0.6);
    // looking for the result, and no more
    if (ms >= 1000) expect(Math.max(...server.waits)).toBeLessThan(TRIP + 100);
    expect(server.begun).toHaveLength(count);
    for (const { end } of [far, near]) end();
    await until(() => far.node.held + near.node.held === 0, 10);
    await vi.advanceTimersByTimeAsync(5000);
    await Promise.all([far.ended, near.ended]);
  }
});

it('a task behind one that takes far longer than those before goes to another node', async () => {
  const long = new Set<number>();
  const server = new MadeUpServer(quickTasks(30));
  const far = server.startNode(1, TRIP, (task) => (long.has(task.run) ? 600_000 : 300));
  await until(() => server.done.size === 20, 100);
  long.add(server.queue[0].task.run);
  await until(() => server.begun.some(({ run }) => long.has(run)), 100);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(far.node.held).toBe(1);
  const near = server.startNode(1, 1, () => 300);
  await until(() => server.done.size === 29, 20);
  expect(server.begun).toHaveLength(30);
  expect(near.node.held).toBe(0);
});

it('a node that drains gives back at once what has not begun, and finishes what has', async () => {
  const server = new MadeUpServer(quickTasks(300));
  const far = server.startNode(1, TRIP, () => 50);
  await until(() => server.done.size === 60, 100);
  expect(far.node.held).toBeGreaterThan(4);
  const begun = server.begun.length;
  far.end();
  await vi.advanceTimersByTimeAsync(3 * TRIP);
  expect(far.node.held).toBe(0);
  // until no request of the node is open
  await vi.advanceTimersByTimeAsync(4000);
  await far.ended;
  expect(server.begun).toHaveLength(begun);
  expect(server.done.size + server.queue.length).toBe(300);
  expect(Math.max(...server.queue.map(({ deliveries }) => deliveries))).toBe(1);
});

it('a sweep that is paused has its waiting tasks back within a look, and they are computed once after it continues', async () => {
  const server = new MadeUpServer(quickTasks(200));
  const far = server.startNode(1, TRIP, () => 50);
  await until(() => server.done.size === 60, 100);
  server.isListed = false;
  await vi.advanceTimersByTimeAsync(500 + 3 * TRIP);
  expect(far.node.held).toBe(0);
  server.isListed = true;
  await until(() => server.done.size === 200, 100);
  expect(server.begun).toHaveLength(200);
});

it('a task that waits is worked on, as the server sees it', async () => {
  const server = new MadeUpServer(quickTasks(30));
  let isLong = false;
  const far = server.startNode(1, TRIP, () => (isLong ? 100_000 : 500));
  await until(() => server.done.size === 18, 100);
  isLong = true;
  // not given back, since it was before
  for (const entry of server.queue) entry.deliveries = 2;
  await vi.advanceTimersByTimeAsync(15_000);
  expect(far.node.held).toBe(2);
  const { working } = far.node;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(far.node.held).toBe(2);
  expect(far.node.working - working).toBeGreaterThanOrEqual(2 * 5);
});

it('a slot whose threads all have long tasks of another slot takes no task until one is free', async () => {
  const long = new Set<number>();
  const server = new MadeUpServer(quickTasks(60));
  const far = server.startNode(2, TRIP, (task) => (long.has(task.run) ? 100_000 : 100));
  await until(() => server.done.size >= 25, 100);
  for (const { task } of server.queue.slice(0, 2)) long.add(task.run);
  await until(() => server.begun.filter(({ run }) => long.has(run)).length === 2, 10);
  await vi.advanceTimersByTimeAsync(20_000);
  expect(far.node.held).toBe(2);
  await until(() => server.done.size === 60, 100);
  expect(server.begun).toHaveLength(60);
});

it('what waits behind a task that was delivered again and again goes to other nodes, and at once if the node drains', async () => {
  for (const drains of [false, true]) {
    const server = new MadeUpServer(quickTasks(60));
    let long = -1;
    const far = server.startNode(1, TRIP, (task) => (task.run === long ? 100_000 : 100));
    await until(() => server.done.size >= 20, 100);
    server.queue[0].deliveries = 2;
    long = server.queue[0].task.run;
    await until(() => server.begun.some(({ run }) => run === long), 100);
    expect(far.node.held).toBeGreaterThan(1);
    if (drains) far.end();
    await vi.advanceTimersByTimeAsync(drains ? 2 * TRIP : 10_000);
    expect(far.node.held).toBe(1);
    if (drains) continue;
    // and is alone to its end
    const begun = server.begun.length;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(server.begun).toHaveLength(begun);
    await until(() => server.done.size === 60, 100);
  }
});
