import { describe, expect, it } from 'vitest';
import { localDispatcher, type TaskEnd } from '../../orchestrator/dispatch/mod.ts';
import { EdgesweepError, type SearchOutcome, type SearchTask } from '../../shared/mod.ts';
import { createPool, type Pool } from '../../worker/mod.ts';
import { THREAD } from '../support/mod.ts';
import { dispatcherConformance } from './dispatcher.ts';
import { quickTasks } from './tasks.ts';
import { dispatchAll } from './work.ts';

const THREADS = 2;

dispatcherConformance('local', async () => ({
  dispatcher: localDispatcher(createPool({ threads: THREADS, engine: 'simd', thread: THREAD })),
  slots: THREADS + 1,
  exactlyOnce: true,
  onDrain: 'finishes',
}));

const never = new AbortController().signal;

/** A pool whose threads do what the test says. */
function fakePool(run: (task: SearchTask, attempt: number) => Promise<void>): Pool {
  const result = { stepSize: 1, rung: 0, trials: 1, steps: 1, end: 'ceiling', divergence: null } as const;
  return {
    threads: THREADS,
    async run(task, attempt) {
      await run(task as SearchTask, attempt);
      const provenance = { engine: 'fake', host: 'here', seconds: 0, version: '0', node: 'v0', attempts: attempt };
      return { outcome: { task, result, provenance } as SearchOutcome };
    },
    close: async () => {},
  };
}

async function collect(events: AsyncIterable<TaskEnd>): Promise<TaskEnd[]> {
  const collected: TaskEnd[] = [];
  for await (const event of events) collected.push(event);
  return collected;
}

describe('a thread that dies under a task', () => {
  const died = new Error('worker exited with code: 7');

  it('costs one attempt, and the next may succeed', async () => {
    const attempts: number[] = [];
    const pool = fakePool(async (_, attempt) => {
      attempts.push(attempt);
      if (attempt < 3) throw died;
    });
    const events = await collect(dispatchAll(localDispatcher(pool), quickTasks(1), never));
    expect(attempts).toEqual([1, 2, 3]);
    expect(events).toMatchObject([{ type: 'outcome', outcome: { provenance: { attempts: 3 } } }]);
  });

  it('three times makes a failure of the task, and the others go on', async () => {
    const tasks = quickTasks(5);
    let tried = 0;
    const pool = fakePool(async ({ run }) => {
      if (run !== 2) return;
      tried += 1;
      throw died;
    });
    const events = await collect(dispatchAll(localDispatcher(pool), tasks, never));
    expect(tried).toBe(3);
    const failures = events.flatMap((event) => (event.type === 'failure' ? [event.failure] : []));
    expect(failures).toEqual([
      { task: tasks[2], error: { code: 'TASK_FAILED', message: expect.stringContaining(died.message) } },
    ]);
    expect(events).toHaveLength(5);
  });

  it('because the pool was closed is not tried again', async () => {
    let tried = 0;
    let die = (_: Error) => {};
    const pool = fakePool(() => {
      tried += 1;
      return new Promise((_, reject) => {
        die = reject;
      });
    });
    const dispatcher = localDispatcher({ ...pool, close: async () => die(died) });
    const events = collect(dispatchAll(dispatcher, quickTasks(1), never));
    await dispatcher.close();
    expect(await events).toEqual([]);
    expect(tried).toBe(1);
  });
});

it('a task that cannot be computed is not tried again', async () => {
  let tried = 0;
  const pool = fakePool(async () => {
    tried += 1;
    throw new EdgesweepError('NETWORK_TOO_LARGE', 'too large', { got: 'a lot', fix: 'take less' });
  });
  const events = await collect(dispatchAll(localDispatcher(pool), quickTasks(1), never));
  expect(tried).toBe(1);
  expect(events).toMatchObject([
    { type: 'failure', failure: { error: { code: 'NETWORK_TOO_LARGE', message: 'too large; a lot; take less' } } },
  ]);
});

it('all threads work while there are tasks, each on one task, even if nobody takes the events', async () => {
  let running = 0;
  let most = 0;
  let started = 0;
  const pool = fakePool(async () => {
    started += 1;
    running += 1;
    most = Math.max(most, running);
    await new Promise(setImmediate);
    running -= 1;
  });
  const events = dispatchAll(localDispatcher(pool), quickTasks(20), never)[Symbol.asyncIterator]();
  await events.next();
  // nothing is taken: what was drawn is computed, and no more than that
  for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate);
  expect(started).toBe(THREADS + 1);
  expect(running).toBe(0);
  while (!(await events.next()).done);
  expect(started).toBe(20);
  expect(most).toBe(THREADS);
});

it('a task drawn ahead is not started once the dispatcher is drained', async () => {
  const drain = new AbortController();
  const ends: (() => void)[] = [];
  const started: number[] = [];
  const pool = fakePool(({ run }) => {
    started.push(run);
    return new Promise((resolve) => ends.push(resolve));
  });
  const events = collect(dispatchAll(localDispatcher(pool), quickTasks(10), drain.signal));
  expect(started).toEqual([0, 1]);
  drain.abort();
  for (const end of ends) end();
  expect(await events).toHaveLength(2);
  expect(started).toEqual([0, 1]);
});
