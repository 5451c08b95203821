import type { Consumer, ConsumerMessages, JsMsg } from '@nats-io/jetstream';
import { whenAborted } from '../../shared/mod.ts';
import { STREAMS } from '../../shared/protocol/mod.ts';
import { type NodeContext, sleep } from './context.ts';
import { handleTask } from './handle.ts';
import type { Health } from './health.ts';
import type { SweepList } from './sweeps.ts';

/**
 * How long a pull waits at the server, in milliseconds: until a slot looks for another sweep, or notices that it is to end. The client
 * accepts no less.
 */
const PULL_MS = 1000;

export type SlotSignals = {
  /** take no further task */
  drain: AbortSignal;
  /** do not wait for the task under way */
  stop: AbortSignal;
};

/** A task delivered more often than this may be one that ends the nodes that try it: no other is under way with it. */
const SUSPICIOUS_DELIVERIES = 2;

/**
 * One slot of a node: asks for one task, handles it, asks again. A node has a slot a thread, so nothing is fetched that no thread is
 * free for, and other nodes find it. Only of tasks that take less time than asking does it take some at once (see `Pace`).
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
  const { retry, giveBack } = context.cluster.timings;
  const consumers = new Map<string, Consumer>();
  const underWay = new Set<Promise<void>>();
  let asked: ConsumerMessages | undefined;
  // tasks that have come are given back below; one on its way comes again as if this node had died. A node that drains waits for the answer
  void whenAborted(stop).then(() => asked?.stop());
  const handle = async (message: JsMsg) => {
    try {
      await handleTask(context, health, message, stop);
      if (await health.isAtFault()) onFault();
    } catch {
      // the connection is closed: the server delivers the task again
    }
  };
  while (!drain.aborted) {
    const sweep = sweeps.next();
    if (sweep === undefined) {
      await sweeps.changed();
      continue;
    }
    const most = context.pace.tasksAtOnce(sweep);
    // the next ones are asked for while the last ones are computed
    while (underWay.size > most / 2) await Promise.race(underWay);
    try {
      const consumer = consumers.get(sweep) ?? (await context.js.consumers.get(STREAMS.tasks, sweep));
      consumers.set(sweep, consumer);
      // `bind`: after a lost connection the next pull does not wait for whoever leads to be asked first
      const messages = await consumer.fetch({ max_messages: most - underWay.size, expires: PULL_MS, bind: true });
      asked = messages;
      if (stop.aborted) messages.stop();
      let any = false;
      let careful = false;
      for await (const message of messages) {
        any = true;
        // the sweep was paused, or refuses this node, while the server held the request; at once it would come to another slot of this node
        if (drain.aborted || !sweeps.has(sweep)) {
          message.nak(drain.aborted ? undefined : giveBack);
          continue;
        }
        onTask();
        careful ||= message.info.deliveryCount > SUSPICIOUS_DELIVERIES;
        if (careful) await Promise.all(underWay);
        const handled = handle(message).finally(() => underWay.delete(handled));
        underWay.add(handled);
        if (careful) await handled;
      }
      // what else that task took with it comes again soon, and should not be taken with it once more
      if (careful) context.pace.slowDown(sweep);
      sweeps.answered(sweep, any);
    } catch {
      // the sweep has just ended, or the server is away: the client reconnects, the list of sweeps is read again
      if (!sweeps.has(sweep)) consumers.delete(sweep);
      await sleep(retry);
    }
  }
  await Promise.all(underWay);
}
