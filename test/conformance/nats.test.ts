import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { findBuckets } from '../../orchestrator/cluster/mod.ts';
import { removeSweep } from '../../orchestrator/cluster/registration.ts';
import { sweepKey } from '../../shared/protocol/mod.ts';
import { expand, loadSweep } from '../../shared/sweep/mod.ts';
import { connectTo } from '../cluster/deployed.ts';
import { connectDispatcher, startNode } from '../cluster/dispatching.ts';
import { cleanLater, keptForFile, type NatsServer, startNats } from '../support/mod.ts';
import { dispatcherConformance } from './dispatcher.ts';
import { quickTasks } from './tasks.ts';
import { dispatchAll, taskOf } from './work.ts';

const MOST_AHEAD = 6;

let sweeps = 0;

/** A sweep gives the name under which tasks go; the tasks are those of each test. */
function makeSweep() {
  sweeps += 1;
  const sweep = loadSweep('smoke', { flags: { seed: sweeps } });
  return { sweep, expansion: expand(sweep), mostAhead: MOST_AHEAD };
}

async function startCluster(): Promise<NatsServer> {
  const server = await startNats();
  await Promise.all(['first', 'second'].map((name) => startNode(server.url, name)));
  return server;
}

let shared: NatsServer;
beforeAll(async () => {
  shared = await keptForFile(startCluster);
});

dispatcherConformance('nats', async ({ alone }) => {
  const { url } = alone ? await startCluster() : shared;
  const options = makeSweep();
  if (!alone) {
    const cluster = await connectTo(shared);
    cleanLater(async () => {
      const buckets = await findBuckets(cluster);
      if (buckets !== undefined) await removeSweep(cluster, buckets, sweepKey(options.sweep, options.expansion));
    });
  }
  return {
    dispatcher: await connectDispatcher(url, options),
    // an event taken is one less on the server a moment before the test counts it
    slots: MOST_AHEAD + 1,
    exactlyOnce: false,
    onDrain: { again: () => connectDispatcher(url, options) },
  };
});

it('what the server has lost is sent again, also while all that may lie there is among it', async () => {
  const nats = await startNats();
  await startNode(nats.url, 'only');
  const dispatcher = await connectDispatcher(nats.url, makeSweep());
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
