import type { JsMsg } from '@nats-io/jetstream';
import { expect, it } from 'vitest';
import type { Task } from '../../../shared/mod.ts';
import { encode, SUBJECTS, TIMINGS } from '../../../shared/protocol/mod.ts';
import type { NodeContext } from '../../../worker/node/context.ts';
import type { Health } from '../../../worker/node/health.ts';
import { Pace } from '../../../worker/node/pace.ts';
import { runSlot } from '../../../worker/node/slot.ts';
import type { SweepList } from '../../../worker/node/sweeps.ts';
import { Turns } from '../../../worker/node/turns.ts';
import { quickTasks } from '../../conformance/tasks.ts';

type Seen = {
  /** how many tasks each pull asked for */
  asked: number[];
  /** the most tasks under way at once */
  most: number;
  /** how many others were under way when the task of that run began */
  besides: number[];
  acknowledged: number;
  /** delays of those that were given back, in milliseconds */
  givenBack: (number | undefined)[];
};

/** Runs a slot over these tasks, on a server and in a pool that are made up, each task taking `seconds` by its own account. */
async function slotOver(
  tasks: readonly Task[],
  seconds: number,
  deliveries: (run: number) => number,
  isListed: () => boolean = () => true,
): Promise<Seen> {
  const seen: Seen = { asked: [], most: 0, besides: [], acknowledged: 0, givenBack: [] };
  const drain = new AbortController();
  let underWay = 0;
  const run = async (task: Task) => {
    seen.besides[task.run] = underWay;
    underWay += 1;
    seen.most = Math.max(seen.most, underWay);
    await new Promise((resolve) => setTimeout(resolve, 1));
    underWay -= 1;
    return { outcome: { task, provenance: { seconds } } };
  };
  const messageOf = (task: Task) =>
    ({
      subject: SUBJECTS.task('sweep', task.id),
      data: encode(task),
      info: { deliveryCount: deliveries(task.run), pending: 0 },
      ack: () => {
        seen.acknowledged += 1;
      },
      nak: (delay?: number) => void seen.givenBack.push(delay),
      working: () => {},
    }) as unknown as JsMsg;
  let next = 0;
  const fetch = async ({ max_messages }: { max_messages: number }) => {
    seen.asked.push(max_messages);
    const taken = tasks.slice(next, next + max_messages);
    next += taken.length;
    if (taken.length === 0) drain.abort();
    return taken.map(messageOf);
  };
  const context = {
    options: { name: 'node' },
    cluster: { timings: TIMINGS, jsm: { direct: { getMessage: async () => null } } },
    js: { consumers: { get: async () => ({ fetch }) }, publish: async () => {}, getOptions: () => ({ timeout: 1000 }) },
    attempts: { get: async () => null },
    counts: { busy: 0, done: 0, failed: 0 },
    underWay: new Map(),
    givenBack: new Map(),
    pace: new Pace(),
    others: () => [],
    pool: { run },
    note: () => {},
  } as unknown as NodeContext;
  const sweeps = {
    next: () => 'sweep',
    has: isListed,
    answered: () => {},
    changed: async () => {},
  } as unknown as SweepList;
  const health: Health = { succeeded: () => {}, failed: () => {}, isAtFault: async () => false };
  const signals = { drain: drain.signal, stop: new AbortController().signal };
  await runSlot(
    context,
    sweeps,
    // none waits for another
    new Turns(tasks.length),
    health,
    signals,
    () => {},
    () => {},
  );
  return seen;
}

const once = () => 1;

it('long tasks are taken one by one', async () => {
  const seen = await slotOver(quickTasks(40), 2, once);
  expect(seen.acknowledged).toBe(40);
  expect(new Set(seen.asked)).toEqual(new Set([1]));
  expect(seen.most).toBe(1);
});

it('a task of a sweep that is no longer to be worked for goes back, and not at once, so that no other slot of the node has it', async () => {
  const seen = await slotOver(quickTasks(3), 2, once, () => false);
  expect(seen).toMatchObject({ acknowledged: 0, besides: [], givenBack: Array(3).fill(TIMINGS.giveBack) });
});

it('short tasks are taken some at once, and the next are asked for before the last are done', async () => {
  const seen = await slotOver(quickTasks(400), 1e-4, once);
  expect(seen.acknowledged).toBe(400);
  expect(seen.most).toBeGreaterThan(10);
  // those of a request, and what the way of a moment takes
  expect(seen.most).toBeLessThanOrEqual(64);
  expect(seen.asked.length).toBeLessThan(100);
  expect(seen.besides.filter((others) => others === 0).length).toBeLessThan(100);
});

it('a task that was delivered again and again is alone under way, and the tasks after it come one by one', async () => {
  const seen = await slotOver(quickTasks(200), 1e-4, (run) => (run === 100 ? 3 : 1));
  expect(seen.acknowledged).toBe(200);
  expect(seen.besides[100]).toBe(0);
  // those that came with it follow one by one, and so do sixteen more
  const others = seen.besides.slice(101, 117);
  expect(others).toEqual(Array(16).fill(0));
  expect(seen.asked.join()).toMatch(/,\d\d,(1,){16,17}\d\d/);
});
