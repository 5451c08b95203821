import { setTimeout as sleep } from 'node:timers/promises';
import { EdgesweepError } from '../../../shared/mod.ts';
import type { Cluster } from '../../../shared/protocol/mod.ts';
import { serverError } from '../../cluster/server-error.ts';

/** Trouble that others can mend while a run waits. */
const WAITED_FOR: string[] = ['NATS_UNREACHABLE', 'NATS_STORAGE_FULL'];

/** Can only the user mend it? */
export const isForTheUser = (error: unknown): error is EdgesweepError =>
  error instanceof EdgesweepError && !WAITED_FOR.includes(error.code);

/**
 * Asks again while the server is away.
 * @returns undefined once `signal` is aborted
 * @throws EdgesweepError what only the user can mend
 */
export async function whileAway<T>(
  { timings }: Cluster,
  request: () => Promise<T>,
  signal: AbortSignal,
): Promise<T | undefined> {
  while (!signal.aborted) {
    try {
      return await request();
    } catch (cause) {
      const error = serverError(cause);
      if (isForTheUser(error)) throw error;
      await sleep(timings.retry, undefined, { signal }).catch(() => {});
    }
  }
  return undefined;
}
