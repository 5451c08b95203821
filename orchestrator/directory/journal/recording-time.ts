import type { Outcome } from '../../../shared/mod.ts';
import { OutcomeDecoder, outcomeLine, requireReadable } from './outcome-line.ts';

/** Outcomes that are timed together, and seconds for all of it. */
const GROUP = 20;
const BUDGET = 0.15;

/**
 * Seconds that this thread works for an outcome in a run: to check it, to make its line, and to read that again for the tables. Without
 * the disk, which several outcomes wait for together. Writes nothing.
 * @param outcomes at least one
 */
export function recordingTime(outcomes: readonly Outcome[]): number {
  const decoder = new OutcomeDecoder('timing');
  const started = performance.now();
  let least = Number.POSITIVE_INFINITY;
  let next = 0;
  do {
    const begun = performance.now();
    for (let count = 0; count < GROUP; count++) {
      const outcome = outcomes[next++ % outcomes.length];
      requireReadable(outcome);
      decoder.decode({ number: 1, bytes: Buffer.from(outcomeLine(outcome).trimEnd()) });
    }
    // the first groups are slower, since their code is compiled, and any may be interrupted by another process
    least = Math.min(least, (performance.now() - begun) / 1000 / GROUP);
  } while (performance.now() - started < 1000 * BUDGET);
  return least;
}
