import {
  AckPolicy,
  type ConsumerInfo,
  DeliverPolicy,
  JetStreamApiCodes,
  JetStreamApiError,
  jetstreamManager,
} from '@nats-io/jetstream';
import { type Cluster, MOST_AT_ONCE, STREAMS } from '../../shared/protocol/mod.ts';

/** Tasks under way on all nodes together; the server's own limit, 1000, would stall larger clusters silently. */
export const MOST_UNDER_WAY = 100_000;

/** A server takes 3 s or more to purge half of a million tasks, longer than it may take for any other answer. */
const PURGE_MS = 10_000;

/** State of the consumer that hands out the tasks of a sweep; undefined when it does not exist. */
export async function consumerInfo({ jsm }: Cluster, sweep: string): Promise<ConsumerInfo | undefined> {
  try {
    return await jsm.consumers.info(STREAMS.tasks, sweep);
  } catch (error) {
    const gone: number[] = [JetStreamApiCodes.ConsumerNotFound, JetStreamApiCodes.StreamNotFound];
    if (error instanceof JetStreamApiError && gone.includes(error.code)) return undefined;
    throw error;
  }
}

/** Makes the consumer unless it is there: adding it again would change one in use. */
export async function ensureConsumer(cluster: Cluster, sweep: string): Promise<void> {
  if ((await consumerInfo(cluster, sweep)) !== undefined) return;
  await cluster.jsm.consumers.add(STREAMS.tasks, {
    durable_name: sweep,
    filter_subject: `es.task.${sweep}.*.*`,
    ack_policy: AckPolicy.Explicit,
    deliver_policy: DeliverPolicy.All,
    ack_wait: cluster.timings.ackWait * 1e6,
    // exhausted deliveries would leave tasks that nobody gets: nodes count the tries themselves
    max_deliver: -1,
    max_ack_pending: MOST_UNDER_WAY,
    max_waiting: 10_000,
    // one request cannot take all tasks of a sweep
    max_batch: MOST_AT_ONCE,
  });
}

export async function removeConsumer({ jsm }: Cluster, sweep: string): Promise<void> {
  await jsm.consumers.delete(STREAMS.tasks, sweep).catch(() => false);
}

/**
 * Takes the tasks of a sweep off the server; with `before`, only those with a lower sequence number.
 *
 * In server 2.9 every consumer whose subject contains the purged one, or is contained in it, forgets what it has delivered
 * (stream.purge and consumer.purge in its sources): tasks under way would be sent again. So the consumer reads `es.task.S.*.*`, and
 * what is purged is `es.task.*.S.*`: the same tasks, and neither pattern contains the other.
 */
export async function purgeTasks({ nc }: Cluster, sweep: string, before?: number): Promise<void> {
  const jsm = await jetstreamManager(nc, { timeout: PURGE_MS, checkAPI: false });
  const filter = `es.task.*.${sweep}.*`;
  await jsm.streams.purge(STREAMS.tasks, before === undefined ? { filter } : { filter, seq: before });
}

/** Takes one task of a sweep off the server, in the same way. */
export async function purgeTask({ jsm }: Cluster, sweep: string, task: string): Promise<void> {
  await jsm.streams.purge(STREAMS.tasks, { filter: `es.task.*.${sweep}.${task}` });
}
