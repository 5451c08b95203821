import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';
import type { Member } from './servers.ts';
import { slowDown } from './slow-link.ts';

/** How often one of the servers was killed, cut off or slow, and how long after it all were whole again, in seconds. */
export type TroubleCounts = { kill: number; cut: number; slow: number; whole: number[] };

export type Troubles = {
  readonly counts: TroubleCounts;
  /** called when a trouble has ended */
  onEnd?: (() => void) | undefined;
  /** no trouble from when this resolves until `resume` does */
  pause(): Promise<void>;
  /** waits until all are whole */
  resume(): Promise<void>;
  end(): Promise<void>;
};

type Kind = 'kill' | 'cut' | 'slow';
const KINDS: readonly Kind[] = ['kill', 'cut', 'slow'];

/**
 * From now on one server of several is killed and started again, cut off or slow, in turn, and never two at a time: the next trouble
 * waits until all are whole, however long they take.
 * @param giveUp told of a server that does not come back
 */
export function makeTroubles(
  members: readonly Member[],
  untilWhole: (signal: AbortSignal) => Promise<void>,
  random: () => number,
  giveUp: (error: Error) => void,
): Troubles {
  const counts: TroubleCounts = { kill: 0, cut: 0, slow: 0, whole: [] };
  const ended = new AbortController();
  const { signal } = ended;
  const between = (low: number, high: number) => low + random() * (high - low);
  const wait = (low: number, high: number) => sleep(between(low, high), undefined, { signal }).catch(() => {});
  const make: { [K in Kind]: (member: Member) => Promise<void> } = {
    async kill({ server }) {
      await server.kill();
      await wait(200, 8000);
      await server.restart();
    },
    async cut({ link }) {
      link.cut();
      await wait(1000, 15_000);
      link.heal();
    },
    async slow({ link }) {
      const end = await slowDown(link, between(50, 250), between(0.01, 0.05));
      await wait(4000, 12_000);
      await end();
    },
  };
  const becomeWhole = async (): Promise<void> => {
    const since = performance.now();
    await untilWhole(signal);
    if (!signal.aborted) counts.whole.push((performance.now() - since) / 1000);
  };
  const giveUpOn = (error: unknown): void => {
    ended.abort();
    giveUp(error instanceof Error ? error : new Error(String(error)));
  };
  const oneAtATime = pLimit(1);
  let resume = (): void => {};
  const troubles: Troubles = {
    counts,
    pause: () =>
      new Promise((paused) => {
        void oneAtATime(() => {
          paused();
          return new Promise<void>((resolve) => (resume = resolve));
        });
      }),
    async resume() {
      await becomeWhole().catch(giveUpOn);
      resume();
    },
    async end() {
      ended.abort();
      resume();
      await running;
    },
  };
  const run = async (): Promise<void> => {
    const first = Math.floor(random() * KINDS.length * members.length);
    for (let turn = first; !signal.aborted; turn++) {
      await wait(500, 3000);
      await oneAtATime(async () => {
        if (signal.aborted) return;
        const kind = KINDS[turn % KINDS.length];
        await make[kind](members[Math.floor(turn / KINDS.length) % members.length]);
        counts[kind] += 1;
        troubles.onEnd?.();
        await becomeWhole();
      }).catch(giveUpOn);
    }
  };
  const running = run();
  return troubles;
}
