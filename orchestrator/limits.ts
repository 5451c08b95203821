import { EdgesweepError } from '../shared/mod.ts';

/** When a run takes no further tasks. Tasks in flight are finished and recorded. */
export type Limits = {
  /** seconds since the start of the run */
  maxTime?: number | undefined;
  /** tasks that this run settles, done or failed */
  maxTasks?: number | undefined;
  /** tasks that fail in this run */
  maxFailures?: number | undefined;
};

export type Reached = keyof Limits;

/** The flags, for messages. */
export const LIMIT_FLAGS: Readonly<Record<Reached, string>> = {
  maxTime: '--max-time',
  maxTasks: '--max-tasks',
  maxFailures: '--max-failures',
};

/** @throws EdgesweepError USAGE */
export function requireLimits({ maxTime, maxTasks, maxFailures }: Limits): void {
  refuse(
    'maxTime',
    maxTime,
    maxTime === undefined || (maxTime > 0 && maxTime < 1e6),
    'seconds, more than 0 and below 1000000',
  );
  for (const [name, value] of Object.entries({ maxTasks, maxFailures }) as [Reached, number | undefined][])
    refuse(name, value, value === undefined || (Number.isInteger(value) && value > 0), 'a whole number, at least 1');
}

function refuse(name: Reached, value: number | undefined, ok: boolean, expected: string): void {
  if (ok) return;
  const where = LIMIT_FLAGS[name];
  throw new EdgesweepError('USAGE', `invalid value for ${where}`, {
    where,
    expected,
    got: String(value),
    fix: 'omit it for no limit',
  });
}

type LimitWatch = {
  /** aborted at the first limit */
  drain: AbortSignal;
  reached(): Reached | undefined;
  count(what: 'done' | 'failed'): void;
  close(): void;
};

/**
 * Watches the limits of a run.
 * @param onReached called once, for the first limit that is reached
 */
export function watchLimits(
  { maxTime, maxTasks, maxFailures }: Limits,
  onReached: (limit: Reached) => void,
): LimitWatch {
  const drain = new AbortController();
  let reached: Reached | undefined;
  const reach = (limit: Reached): void => {
    if (reached !== undefined) return;
    reached = limit;
    onReached(limit);
    drain.abort();
  };
  const timer = maxTime === undefined ? undefined : setTimeout(() => reach('maxTime'), 1000 * maxTime);
  let [settled, failed] = [0, 0];
  return {
    drain: drain.signal,
    reached: () => reached,
    count(what: 'done' | 'failed'): void {
      settled += 1;
      if (what === 'failed') failed += 1;
      if (failed >= (maxFailures ?? Number.POSITIVE_INFINITY)) reach('maxFailures');
      else if (settled >= (maxTasks ?? Number.POSITIVE_INFINITY)) reach('maxTasks');
    },
    close: () => clearTimeout(timer),
  };
}
