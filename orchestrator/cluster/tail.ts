import { setTimeout as sleep } from 'node:timers/promises';
import { type ConsumerMessages, DeliverPolicy, type JsMsg } from '@nats-io/jetstream';
import { errors } from '@nats-io/transport-node';
import { EdgesweepError } from '../../shared/mod.ts';
import type { Cluster } from '../../shared/protocol/mod.ts';
import { serverError } from './server-error.ts';

/** The server says at least so often that it is there, in milliseconds; after twice as long without a word the reader starts again. */
const HEARTBEAT_MS = 1000;

/**
 * The reader waits less for the answers to the tries before this one, and as long as for any request from this one on. Of three servers, 2.9 puts every
 * third new reader on one that has just died, and then nobody answers.
 */
const PATIENT_TRY = 3;

/**
 * Hands every message of a subject to `handle`, in order, from the first, and continues with new ones until `signal` is aborted. Outlives
 * restarts of the server and the death of the one of several that serves it; when the stream was wiped, or has lost messages, it begins again, so `handle`
 * may see a message twice.
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
  const { js, jsm, timings } = cluster;
  let failure: unknown;
  /** of the next message, and when the stream was made */
  let place = { seq: 1, created: '' };
  for (let tries = 1; !signal.aborted && failure === undefined; tries++) {
    const ended = new AbortController();
    const patience = timings.answer * Math.min(1, tries / PATIENT_TRY);
    try {
      const { created, state } = await answered(jsm.streams.info(stream), patience);
      // after a power loss the server may have less than it had, and gives the numbers again to others
      if (created !== place.created || state.last_seq + 1 < place.seq) place = { seq: 1, created };
      const consumer = await answered(
        js.consumers.get(stream, { filter_subjects: subject, opt_start_seq: place.seq }),
        patience,
      );
      if ((await consumer.info(true)).num_pending === 0) onCaughtUp();
      const messages = await consumer.consume({
        max_messages: 500,
        idle_heartbeat: HEARTBEAT_MS,
        abort_on_missing_resource: true,
      });
      const stop = () => messages.stop();
      signal.addEventListener('abort', stop, { once: true });
      tries = 0;
      const until = AbortSignal.any([signal, ended.signal]);
      void Promise.race([untilWiped(cluster, stream, created, until), untilInDoubt(cluster, messages, until)]).then(
        stop,
      );
      try {
        for await (const message of messages) {
          if (signal.aborted) break;
          try {
            await handle(message);
            place.seq = message.seq + 1;
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
    if (failure === undefined) await sleep(timings.retry, undefined, { signal }).catch(() => {});
  }
  if (failure !== undefined) throw failure;
}

/** @throws TimeoutError after `patience` milliseconds; what comes later is dropped */
async function answered<T>(request: Promise<T>, patience: number): Promise<T> {
  const ended = new AbortController();
  const late = sleep(patience, undefined, ended).then(() => {
    throw new errors.TimeoutError();
  });
  late.catch(() => {});
  return Promise.race([request, late]).finally(() => ended.abort());
}

/**
 * Resolves when the reader may be gone: it is on one of several servers only, and dies with it. The client would ask for it, and wait for
 * half a minute after each question that nobody answers.
 */
async function untilInDoubt({ nc }: Cluster, messages: ConsumerMessages, ended: AbortSignal): Promise<void> {
  const isSilent = async (): Promise<void> => {
    for await (const { type } of messages.status())
      if (type === 'heartbeats_missed' || type === 'no_responders') return;
  };
  const isReconnected = async (): Promise<void> => {
    // pings come too, so it ends soon
    for await (const { type } of nc.status()) if (type === 'reconnect' || ended.aborted) return;
  };
  await Promise.race([isSilent(), isReconnected()]);
}

/**
 * Resolves when the stream is another than the one made then, or `signal` is aborted. A reader of a stream that is made again would go on at
 * the sequence number that it had reached, and see nothing until the new one has got there.
 */
async function untilWiped(
  { jsm, timings }: Cluster,
  stream: string,
  first: string,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    // it may be away for a while
    const created = await jsm.streams.info(stream).then(
      (info) => info.created,
      () => undefined,
    );
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
