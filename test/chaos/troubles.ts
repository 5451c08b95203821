import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';
import type { Member } from './servers.ts';
import { slowDown } from './slow-link.ts';

/** How often one of the servers was killed, cut off or slow, and what should not have happened. */
export type TroubleCounts = { kill: number; cut: number; slow: number; problems: string[] };

export type Troubles = {
  readonly counts: TroubleCounts;
  /** called when a trouble has ended */
  onEnd?: (() => void) | undefined;
  /** no trouble from when this resolves until `resume` */
  pause(): Promise<void>;
  resume(): void;
  end(): Promise<void>;
};

type Kind = 'kill' | 'cut' | 'slow';
const KINDS: readonly Kind[] = ['kill', 'cut', 'slow'];

/**
 * From now on one server of several is killed and started again, cut off or slow, in turn, and never two at a time: the next trouble
 * waits until all are whole.
 */
export function makeTroubles(
  members: readonly Member[],
  untilWhole: () => Promise<void>,
  random: () => number,
): Troubles {
  const counts: TroubleCounts = { kill: 0, cut: 0, slow: 0, problems: [] };
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
    resume: () => resume(),
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
        if (!signal.aborted) await untilWhole();
      }).catch((error: unknown) => {
        counts.problems.push(`a server that was in trouble: ${error instanceof Error ? error.message : error}`);
      });
    }
  };
  const running = run();
  return troubles;
}
