import type { Dispatcher } from '../../orchestrator/dispatch/mod.ts';
import { type NatsDispatcherOptions, natsDispatcher } from '../../orchestrator/dispatch/nats/mod.ts';
import { connectCluster } from '../../shared/protocol/mod.ts';
import { createPool } from '../../worker/mod.ts';
import { runNode } from '../../worker/node/mod.ts';
import { cleanLater, QUICK, THREAD } from '../support/mod.ts';

type Options = Pick<NatsDispatcherOptions, 'sweep' | 'expansion'> & Partial<NatsDispatcherOptions>;

/** A dispatcher in this process; closed after the test. */
export async function connectDispatcher(url: string, options: Options, timings = QUICK): Promise<Dispatcher> {
  const cluster = await connectCluster({ servers: [url], timings }, 'orchestrator', 'orchestrator');
  const makePool = () => createPool({ threads: 1, engine: 'simd', thread: THREAD });
  const dispatcher = natsDispatcher(cluster, { replicas: 1, makePool, note: () => {}, ...options });
  cleanLater(() => dispatcher.close());
  return dispatcher;
}

/** A node of one thread in this process; stopped after the test, whatever it computes. */
export async function startNode(url: string, name: string): Promise<void> {
  const cluster = await connectCluster({ servers: [url], timings: QUICK }, 'worker', name);
  const [drain, stop] = [new AbortController(), new AbortController()];
  const options = { name, threads: 1, engine: 'simd', drainTimeout: 0, thread: THREAD } as const;
  const ended = runNode(cluster, options, { drain: drain.signal, stop: stop.signal }, () => {});
  cleanLater(async () => {
    drain.abort();
    stop.abort();
    await ended;
  });
}
