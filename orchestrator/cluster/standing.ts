import { type Cluster, STREAMS, SUBJECTS, type SweepEntry } from '../../shared/protocol/mod.ts';
import { consumerInfo } from './consumer.ts';
import { countMessages } from './tail.ts';

export type Counts = { done: number; running: number; pending: number; failed: number; total: number };

/** What is known of a sweep; each number was read at another moment. */
export type Readings = { total: number; elsewhere: number; results: number; failures: number; underWay: number };

/**
 * Parts that add up to the total, whatever the readings are: a task may be done and still be among those under way, or have failed and
 * been done since. What counts more comes first.
 */
export function countsOf({ total, elsewhere, results, failures, underWay }: Readings): Counts {
  const done = Math.min(results + elsewhere, total);
  const failed = Math.min(failures, total - done);
  const running = Math.min(underWay, total - done - failed);
  return { done, running, pending: total - done - failed - running, failed, total };
}

export async function readCounts(cluster: Cluster, { key, total, elsewhere }: SweepEntry): Promise<Counts> {
  const [results, failures, consumer] = await Promise.all([
    countMessages(cluster, STREAMS.results, SUBJECTS.result(key, '*')),
    countMessages(cluster, STREAMS.failed, SUBJECTS.failed(key, '*')),
    consumerInfo(cluster, key),
  ]);
  return countsOf({ total, elsewhere, results, failures, underWay: consumer?.num_ack_pending ?? 0 });
}
