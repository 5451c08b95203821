/**
 * Ctrl-C once drains, twice stops; SIGTERM counts as Ctrl-C. The signals stay caught until `release`, so that nothing ends the process
 * between the end of the work and the closing of the journal.
 */
export type Interrupt = {
  /** aborted at the first signal: start nothing new, finish what is under way */
  readonly drain: AbortSignal;
  /** aborted at the second: stop at once */
  readonly stop: AbortSignal;
  release(): void;
};

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

export function catchInterrupt(): Interrupt {
  const drain = new AbortController();
  const stop = new AbortController();
  const onSignal = () => (drain.signal.aborted ? stop : drain).abort();
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return {
    drain: drain.signal,
    stop: stop.signal,
    release() {
      for (const signal of SIGNALS) process.off(signal, onSignal);
    },
  };
}
