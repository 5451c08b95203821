import type { Dispatcher } from '../../orchestrator/dispatch/mod.ts';
import { type NatsDispatcherOptions, natsDispatcher } from '../../orchestrator/dispatch/nats/mod.ts';
import { connectCluster, type ServerOptions } from '../../shared/protocol/mod.ts';
import { createPool } from '../../worker/mod.ts';
import { type NodeEnd, type NodeOptions, runNode } from '../../worker/node/mod.ts';
import { cleanLater, QUICK, THREAD } from '../support/mod.ts';

type Options = Pick<NatsDispatcherOptions, 'sweep' | 'expansion'> & Partial<NatsDispatcherOptions>;

/** An address, or that of a server with users. */
type Server = string | ServerOptions;
const serverOf = (server: Server): ServerOptions => (typeof server === 'string' ? { servers: [server] } : server);

/** A dispatcher in this process; closed after the test. */
export async function connectDispatcher(server: Server, options: Options, timings = QUICK): Promise<Dispatcher> {
  const cluster = await connectCluster({ ...serverOf(server), timings }, 'orchestrator', 'orchestrator');
  const makePool = () => createPool({ threads: 1, engine: 'simd', thread: THREAD });
  const dispatcher = natsDispatcher(cluster, { replicas: 1, makePool, note: () => {}, ...options });
  cleanLater(() => dispatcher.close());
  return dispatcher;
}

/** A node of one thread in this process; stopped after the test, whatever it computes. */
export async function startNode(
  server: Server,
  name: string,
  { key, thread = THREAD }: Pick<NodeOptions, 'key' | 'thread'> = {},
): Promise<{ notes: readonly string[]; ended: Promise<NodeEnd> }> {
  const cluster = await connectCluster({ ...serverOf(server), timings: QUICK }, 'worker', name);
  const [drain, stop] = [new AbortController(), new AbortController()];
  const notes: string[] = [];
  const options = { name, threads: 1, engine: 'simd', drainTimeout: 0, thread, key } as const;
  const ended = runNode(cluster, options, { drain: drain.signal, stop: stop.signal }, (text) => notes.push(text));
  ended.catch(() => {});
  cleanLater(async () => {
    drain.abort();
    stop.abort();
    await ended.catch(() => {});
  });
  return { notes, ended };
}
