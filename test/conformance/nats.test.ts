import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { connectCluster } from '../../shared/protocol/mod.ts';
import { expand, loadSweep } from '../../shared/sweep/mod.ts';
import { runNode } from '../../worker/node/mod.ts';
import { connectDispatcher } from '../cluster/dispatching.ts';
import { cleanLater, QUICK, startNats, THREAD } from '../support/mod.ts';
import { dispatcherConformance } from './dispatcher.ts';
import { quickTasks } from './tasks.ts';
import { dispatchAll, taskOf } from './work.ts';

const MOST_AHEAD = 6;
const quiet = () => {};

/** A node of one thread in this process; stopped after the test, whatever it computes. */
async function startNode(url: string, name: string): Promise<void> {
  const cluster = await connectCluster({ servers: [url], timings: QUICK }, 'worker', name);
  const [drain, stop] = [new AbortController(), new AbortController()];
  const options = { name, threads: 1, engine: 'simd', drainTimeout: 0, thread: THREAD } as const;
  const ended = runNode(cluster, options, { drain: drain.signal, stop: stop.signal }, quiet);
  cleanLater(async () => {
    drain.abort();
    stop.abort();
    await ended;
  });
}

// the sweep gives the name under which its tasks go; the tasks are those of each test
const sweep = loadSweep('smoke');
const expansion = expand(sweep);

const connect = (url: string) => connectDispatcher(url, { sweep, expansion, mostAhead: MOST_AHEAD });

dispatcherConformance('nats', async () => {
  const { url } = await startNats();
  await Promise.all(['first', 'second'].map((name) => startNode(url, name)));
  return {
    dispatcher: await connect(url),
    // an event taken is one less on the server a moment before the test counts it
    slots: MOST_AHEAD + 1,
    exactlyOnce: false,
    onDrain: { again: () => connect(url) },
  };
});

it('what the server has lost is sent again, also while all that may lie there is among it', async () => {
  const nats = await startNats();
  await startNode(nats.url, 'only');
  const dispatcher = await connect(nats.url);
  const tasks = quickTasks(60);
  const done = new Set<string>();
  let lost = false;
  for await (const event of dispatchAll(dispatcher, tasks, new AbortController().signal)) {
    expect(event.type).toBe('outcome');
    done.add(taskOf(event).id);
    if (lost) continue;
    lost = true;
    await nats.kill();
    rmSync(join(nats.folder, 'store'), { recursive: true });
    await nats.restart();
  }
  expect(done).toEqual(new Set(tasks.map(({ id }) => id)));
});
