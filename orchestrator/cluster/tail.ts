import { setTimeout as sleep } from 'node:timers/promises';
import { DeliverPolicy, type JsMsg, jetstream } from '@nats-io/jetstream';
import { EdgesweepError } from '../../shared/mod.ts';
import type { Cluster } from '../../shared/protocol/mod.ts';
import { serverError } from './server-error.ts';

/**
 * Hands every message of a subject to `handle`, in order, from the first, and continues with new ones until `signal` is aborted. Outlives
 * restarts of the server; when the stream was wiped it begins again, so `handle` may see a message twice.
 * @param handle its errors end the following and are thrown
 * @param onCaughtUp called when everything that was there at the start is handled; perhaps more than once
 * @throws EdgesweepError NATS_AUTHORIZATION
 */
export async function follow(
  cluster: Cluster,
  stream: string,
  subject: string,
  signal: AbortSignal,
  handle: (message: JsMsg) => Promise<void>,
  onCaughtUp: () => void = () => {},
): Promise<void> {
  const js = jetstream(cluster.nc);
  let failure: unknown;
  while (!signal.aborted && failure === undefined) {
    const ended = new AbortController();
    try {
      const consumer = await js.consumers.get(stream, { filter_subjects: subject, deliver_policy: DeliverPolicy.All });
      if ((await consumer.info(true)).num_pending === 0) onCaughtUp();
      const messages = await consumer.consume({ max_messages: 500, abort_on_missing_resource: true });
      const stop = () => messages.stop();
      signal.addEventListener('abort', stop, { once: true });
      void untilWiped(cluster, stream, AbortSignal.any([signal, ended.signal])).then(stop);
      try {
        for await (const message of messages) {
          if (signal.aborted) break;
          try {
            await handle(message);
            if (message.info.pending === 0) onCaughtUp();
          } catch (error) {
            failure = error;
            break;
          }
        }
      } finally {
        signal.removeEventListener('abort', stop);
        messages.stop();
      }
    } catch (cause) {
      // the server is away, or the stream is gone: the dispatcher makes it again
      const error = serverError(cause);
      if (error instanceof EdgesweepError && error.code === 'NATS_AUTHORIZATION') failure = error;
    } finally {
      ended.abort();
    }
    if (failure === undefined) await sleep(cluster.timings.retry, undefined, { signal }).catch(() => {});
  }
  if (failure !== undefined) throw failure;
}

/**
 * Resolves when the stream is another than at the call, or `signal` is aborted. A reader of a stream that is made again would go on at
 * the sequence number that it had reached, and see nothing until the new one has got there.
 */
async function untilWiped({ jsm, timings }: Cluster, stream: string, signal: AbortSignal): Promise<void> {
  let first: string | undefined;
  while (!signal.aborted) {
    // it may be away for a while
    const created = await jsm.streams.info(stream).then(
      (info) => info.created,
      () => undefined,
    );
    first ??= created;
    if (created !== undefined && created !== first) return;
    await sleep(timings.look, undefined, { signal }).catch(() => {});
  }
}
/** How many messages of a subject the stream has. */
export async function countMessages({ jsm }: Cluster, stream: string, subject: string): Promise<number> {
  // cheaper than the list of subjects, which holds every task: a consumer that is made and removed
  const info = await jsm.consumers.add(stream, {
    filter_subject: subject,
    deliver_policy: DeliverPolicy.All,
    inactive_threshold: 5e9,
  });
  await jsm.consumers.delete(stream, info.name).catch(() => false);
  return info.num_pending;
}
