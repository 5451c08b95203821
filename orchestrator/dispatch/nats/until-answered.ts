import { setTimeout as sleep } from 'node:timers/promises';
import { EdgesweepError } from '../../../shared/mod.ts';
import type { Cluster } from '../../../shared/protocol/mod.ts';
import { serverError } from '../../cluster/server-error.ts';

/** Until a server that does not answer at the start is given up. */
const FIRST_ANSWER_MS = 60_000;

/**
 * Does it again while nobody answers, as when a cluster of servers has just lost one and chooses a leader.
 * @throws EdgesweepError NATS_UNREACHABLE when that takes too long; what else it throws
 */
export async function untilAnswered(
  { timings }: Cluster,
  request: () => Promise<void>,
  signal: AbortSignal,
  note: (text: string) => void,
): Promise<void> {
  const deadline = performance.now() + FIRST_ANSWER_MS;
  for (let tries = 0; !signal.aborted; tries++) {
    try {
      return await request();
    } catch (cause) {
      const error = serverError(cause);
      const unreachable = error instanceof EdgesweepError && error.code === 'NATS_UNREACHABLE';
      if (!unreachable || performance.now() > deadline) throw error;
      if (tries === 0) note('waiting for the server to answer');
      await sleep(timings.retry, undefined, { signal }).catch(() => {});
    }
  }
}
