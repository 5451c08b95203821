import { setTimeout as sleep } from 'node:timers/promises';
import { EdgesweepError } from '../../../shared/mod.ts';
import { serverError } from '../../cluster/server-error.ts';

const RETRY_MS = 1000;

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
export async function whileAway<T>(request: () => Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  while (!signal.aborted) {
    try {
      return await request();
    } catch (cause) {
      const error = serverError(cause);
      if (isForTheUser(error)) throw error;
      await sleep(RETRY_MS, undefined, { signal }).catch(() => {});
    }
  }
  return undefined;
}
