import type { Consumer } from '@nats-io/jetstream';
import { STREAMS } from '../../shared/protocol/mod.ts';
import { type NodeContext, sleep } from './context.ts';
import { handleTask } from './handle.ts';
import type { Health } from './health.ts';
import type { SweepList } from './sweeps.ts';

/** How long a pull waits at the server, in milliseconds: until a slot looks for another sweep, or notices that it is to end. */
const PULL_MS = 1000;
const RETRY_MS = 1000;

export type SlotSignals = {
  /** take no further task */
  drain: AbortSignal;
  /** do not wait for the task under way */
  stop: AbortSignal;
};

/**
 * One slot of a node: asks for one task, handles it, asks again. A node has a slot a thread, so nothing is fetched that no thread is
 * free for, and other nodes find it.
 * @param onTask called when a task arrives
 * @param onFault called when the node, not its tasks, is at fault
 */
export async function runSlot(
  context: NodeContext,
  sweeps: SweepList,
  health: Health,
  { drain, stop }: SlotSignals,
  onTask: () => void,
  onFault: () => void,
): Promise<void> {
  const consumers = new Map<string, Consumer>();
  while (!drain.aborted) {
    const sweep = sweeps.next();
    if (sweep === undefined) {
      await sweeps.changed();
      continue;
    }
    try {
      const consumer = consumers.get(sweep) ?? (await context.js.consumers.get(STREAMS.tasks, sweep));
      consumers.set(sweep, consumer);
      const message = await consumer.next({ expires: PULL_MS });
      sweeps.answered(sweep, message !== null);
      if (message === null) continue;
      if (drain.aborted) {
        message.nak();
        break;
      }
      onTask();
      await handleTask(context, health, message, stop);
      if (await health.isAtFault()) onFault();
    } catch {
      // the sweep has just ended, or the server is away: the client reconnects, the list of sweeps is read again
      consumers.delete(sweep);
      await sleep(RETRY_MS);
    }
  }
}

export function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
