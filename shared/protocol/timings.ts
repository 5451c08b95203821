import { EdgesweepError } from '../mod.ts';

/** Waits and periods of the cluster, in milliseconds. Nothing that is computed depends on them. */
export const TIMINGS = {
  /** without a word from its node for so long, a task is delivered again; a node reports each three times as often */
  ackWait: 30_000,
  /** between two heartbeats of a node; one that was not heard for five of them counts as gone */
  heartbeat: 2000,
  /** between two looks at what may have changed: the list of sweeps, a stream, what is queued */
  look: 2000,
  /** nothing happens for so long: tasks that are on no list are sent again */
  quiet: 3000,
  /** tasks lie there and nodes are free for so long: the consumer is made anew */
  stuck: 60_000,
  /** tasks are handed out and others are idle for so long: they are handed out again */
  held: 60_000,
  /** an answer of the server is waited for so long, then the request is made again: who leads three servers may have died with it */
  answer: 3000,
  /** between two tries of what the server did not answer or had no room for */
  retry: 500,
  /** a sweep without tasks is passed over so long, the first time */
  rest: 1000,
  /** after its first failure a task waits so long; then twice as long each time */
  backoff: 1000,
  /** a task waits so long for a node that has its files, or for a result to become readable */
  giveBack: 5000,
  /** a task waits so long after trouble with a scratch folder, of which somebody has to hear */
  withoutScratch: 30_000,
  /** between two looks for data that a node lacks */
  lookForData: 10_000,
  /** between two copies of a checkpoint on the server, at least */
  share: 30_000,
  /** between the first two tries to connect again, and up to twice as much; later eight times as long */
  reconnect: 500,
} as const;

export type Timings = { readonly [Name in keyof typeof TIMINGS]: number };

/**
 * Timings of tests, from EDGESWEEP_TIMINGS: a JSON object with some of the names of `TIMINGS`.
 * @throws EdgesweepError USAGE
 */
export function parseTimings(text: string): Timings {
  const given = parse(text);
  for (const [name, value] of Object.entries(given)) {
    if (Object.hasOwn(TIMINGS, name) && Number.isInteger(value) && (value as number) > 0) continue;
    throw unusable(`${name}: ${JSON.stringify(value)}`);
  }
  return { ...TIMINGS, ...given };
}

function parse(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch {
    // said below
  }
  throw unusable(text);
}

const unusable = (got: string): EdgesweepError =>
  new EdgesweepError('USAGE', 'the timings cannot be used', {
    where: 'EDGESWEEP_TIMINGS',
    expected: `a JSON object with whole milliseconds for some of ${Object.keys(TIMINGS).join(', ')}`,
    got,
    fix: 'unset it: it is for tests only',
  });
