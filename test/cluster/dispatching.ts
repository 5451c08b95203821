import type { Dispatcher } from '../../orchestrator/dispatch/mod.ts';
import { type NatsDispatcherOptions, natsDispatcher } from '../../orchestrator/dispatch/nats/mod.ts';
import { connectCluster } from '../../shared/protocol/mod.ts';
import { createPool } from '../../worker/mod.ts';
import { cleanLater, QUICK, THREAD } from '../support/mod.ts';

type Options = Pick<NatsDispatcherOptions, 'sweep' | 'expansion'> & Partial<NatsDispatcherOptions>;

/** A dispatcher in this process; closed after the test. */
export async function connectDispatcher(url: string, options: Options): Promise<Dispatcher> {
  const cluster = await connectCluster({ servers: [url], timings: QUICK }, 'orchestrator', 'orchestrator');
  const makePool = () => createPool({ threads: 1, engine: 'simd', thread: THREAD });
  const dispatcher = natsDispatcher(cluster, { replicas: 1, makePool, note: () => {}, ...options });
  cleanLater(() => dispatcher.close());
  return dispatcher;
}
