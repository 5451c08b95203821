import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until the condition holds; throws, naming it, when it does not for a minute. */
export async function waitFor(what: string, condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`waited in vain: ${what}`);
    await sleep(5);
  }
}
