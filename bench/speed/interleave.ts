/** Something to time: `sample` does the same work each time and returns the seconds of one unit of it. */
export type Contender = { name: string; sample(): number | Promise<number> };

export type Spread = { median: number; min: number; max: number };

export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const median = sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  return { median, min: sorted[0], max: sorted[sorted.length - 1] };
}

/**
 * Times the contenders in turn, A B C A B C ..., so that whatever else slows the machine down slows all of them.
 * @returns the seconds of each round, by name
 */
export async function interleave(contenders: readonly Contender[], rounds: number): Promise<Map<string, number[]>> {
  const seconds = new Map(contenders.map(({ name }): [string, number[]] => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const { name, sample } of contenders) seconds.get(name)?.push(await sample());
  }
  return seconds;
}

/** The ratio of two contenders, round by round: a and b of one round were timed next to each other. */
export function ratiosOf(a: readonly number[], b: readonly number[]): Spread {
  return spreadOf(a.map((seconds, round) => seconds / b[round]));
}

/** Seconds that `action` takes. */
export function time(action: () => void): number {
  const started = performance.now();
  action();
  return (performance.now() - started) / 1000;
}

/** How often `action` has to be repeated to take `seconds`, at least once; it is warmed up by that. */
export function repetitionsFor(seconds: number, action: () => void): number {
  for (let count = 1; ; count *= 2) {
    const took = time(() => {
      for (let i = 0; i < count; i++) action();
    });
    if (took >= seconds / 2) return Math.max(1, Math.round((count * seconds) / took));
  }
}
