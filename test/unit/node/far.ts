import type { JsMsg } from '@nats-io/jetstream';
import { vi } from 'vitest';
import type { Task } from '../../../shared/mod.ts';
import { encode, SUBJECTS, TIMINGS } from '../../../shared/protocol/mod.ts';
import type { NodeContext } from '../../../worker/node/context.ts';
import { Pace } from '../../../worker/node/pace.ts';
import { runSlot } from '../../../worker/node/slot.ts';
import type { SweepList } from '../../../worker/node/sweeps.ts';
import { Turns } from '../../../worker/node/turns.ts';

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** A task that waits, and how often it was delivered. */
type Entry = { task: Task; deliveries: number };
type Pull = { left: number; expires: number; deliver(entry: Entry): void };

/** A server with the tasks of one sweep, as nodes see it. Its clock is that of the fake timers. */
export class MadeUpServer {
  readonly queue: Entry[];
  readonly begun: Task[] = [];
  /** of those that are acknowledged */
  readonly done = new Set<string>();
  /** how long tasks lay on nodes before they began, in milliseconds */
  readonly waits: number[] = [];
  isListed = true;
  #pulls: Pull[] = [];

  constructor(tasks: readonly Task[]) {
    this.queue = tasks.map((task) => ({ task, deliveries: 0 }));
  }

  /**
   * A node with a trip of so many milliseconds.
   * @param duration of a task in its threads, in milliseconds
   */
  startNode(threads: number, trip: number, duration: (task: Task) => number) {
    const [drain, stop] = [new AbortController(), new AbortController()];
    const turns = new Turns(threads);
    const arrived = new Map<string, number>();
    const node = { held: 0, most: 0, working: 0 };
    const arrive = (entry: Entry): JsMsg => {
      node.held += 1;
      node.most = Math.max(node.most, node.held);
      arrived.set(entry.task.id, performance.now());
      let isOver = false;
      const over = (then: () => void) => {
        if (!isOver) setTimeout(then, trip / 2);
        node.held -= isOver ? 0 : 1;
        isOver = true;
      };
      return {
        subject: SUBJECTS.task('sweep', entry.task.id),
        data: encode(entry.task),
        info: { deliveryCount: entry.deliveries, pending: this.queue.length },
        ack: () => over(() => this.done.add(entry.task.id)),
        nak: (delay = 0) =>
          over(() =>
            setTimeout(() => {
              this.queue.unshift(entry);
              this.#serve();
            }, delay),
          ),
        working: () => {
          node.working += 1;
        },
      } as unknown as JsMsg;
    };
    const fetch = async ({ max_messages, expires }: { max_messages: number; expires: number }) => {
      const came: (JsMsg | undefined)[] = [];
      let ring = () => {};
      void (async () => {
        await sleep(trip / 2);
        const pull = {
          left: max_messages,
          expires: performance.now() + expires,
          deliver: (entry: Entry) =>
            void setTimeout(() => {
              came.push(arrive(entry));
              ring();
            }, trip / 2),
        };
        this.#pulls.push(pull);
        this.#serve();
        while (pull.left > 0 && performance.now() < pull.expires) await sleep(50);
        pull.left = 0;
        await sleep(trip / 2 + 1);
        came.push(undefined);
        ring();
      })();
      return {
        stop: () => {},
        async *[Symbol.asyncIterator]() {
          for (;;) {
            while (came.length === 0) await new Promise<void>((resolve) => (ring = resolve));
            const message = came.shift();
            if (message === undefined) return;
            yield message;
          }
        },
      };
    };
    const context = {
      options: { name: `node-${trip}` },
      cluster: {
        timings: TIMINGS,
        jsm: { direct: { getMessage: () => sleep(trip).then(() => null) } },
      },
      js: {
        consumers: { get: async () => ({ fetch }) },
        publish: () => sleep(trip),
        getOptions: () => ({ timeout: 1000 }),
      },
      attempts: { get: async () => null },
      counts: { busy: 0, done: 0, failed: 0 },
      underWay: new Map(),
      givenBack: new Map(),
      pace: new Pace(),
      others: () => [],
      pool: {
        run: async (task: Task) => {
          this.begun.push(task);
          this.waits.push(performance.now() - (arrived.get(task.id) ?? 0));
          const ms = duration(task);
          await sleep(ms);
          return { outcome: { task, provenance: { seconds: ms / 1000 } } };
        },
      },
      note: () => {},
    } as unknown as NodeContext;
    const sweeps = {
      next: () => (this.isListed ? 'sweep' : undefined),
      has: () => this.isListed,
      answered: () => {},
      changed: () => sleep(500),
    } as unknown as SweepList;
    const health = { succeeded: () => {}, failed: () => {}, isAtFault: async () => false };
    const look = setInterval(() => turns.look(sweeps.has), 500);
    const slots = Array.from({ length: threads }, () =>
      runSlot(
        context,
        sweeps,
        turns,
        health,
        { drain: drain.signal, stop: stop.signal },
        () => {},
        () => {},
      ),
    );
    const ended = Promise.all(slots).finally(() => clearInterval(look));
    const end = () => {
      drain.abort();
      turns.close();
    };
    return { node, end, ended };
  }

  #serve(): void {
    this.#pulls = this.#pulls.filter(({ left, expires }) => left > 0 && performance.now() < expires);
    // in turn, a task each
    while (this.queue.length > 0) {
      const pull = this.#pulls.shift();
      if (pull === undefined) return;
      const entry = this.queue.shift()!;
      entry.deliveries += 1;
      pull.left -= 1;
      if (pull.left > 0) this.#pulls.push(pull);
      pull.deliver(entry);
    }
  }
}

/** Lets the made-up time pass until it is so. @param step in milliseconds @returns seconds that this took */
export async function until(isSo: () => boolean, seconds: number, step = 10): Promise<number> {
  const began = performance.now();
  while (!isSo()) {
    if (performance.now() - began > 1000 * seconds) throw new Error(`not so after ${seconds} s`);
    await vi.advanceTimersByTimeAsync(step);
  }
  return (performance.now() - began) / 1000;
}
