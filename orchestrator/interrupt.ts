/**
 * Ctrl-C once drains, twice stops; SIGTERM counts as Ctrl-C. A third ends the process as if nothing were caught, for when even
 * stopping hangs; the journal is made for that.
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
  const release = () => {
    for (const signal of SIGNALS) process.off(signal, onSignal);
  };
  const onSignal = () => {
    if (!drain.signal.aborted) return drain.abort();
    release();
    stop.abort();
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return { drain: drain.signal, stop: stop.signal, release };
}
