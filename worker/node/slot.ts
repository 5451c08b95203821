import type { Consumer, ConsumerMessages, JsMsg } from '@nats-io/jetstream';
import { whenAborted } from '../../shared/mod.ts';
import { STREAMS } from '../../shared/protocol/mod.ts';
import type { Turn } from './compute.ts';
import { type NodeContext, sleep } from './context.ts';
import { handleTask } from './handle.ts';
import type { Health } from './health.ts';
import type { Load } from './pace.ts';
import type { SweepList } from './sweeps.ts';
import type { CalledOff, Turns } from './turns.ts';

/** At the latest then, in milliseconds, a slot looks how far a task has come. */
const LOOK_AGAIN_MS = 60_000;

export type SlotSignals = {
  /** take no further task */
  drain: AbortSignal;
  /** do not wait for the task under way */
  stop: AbortSignal;
};

/** A task delivered more often than this may be one that ends the nodes that try it: no other of its slot is under way with it. */
const SUSPICIOUS_DELIVERIES = 2;

const isSuspicious = ({ info }: JsMsg): boolean => info.deliveryCount > SUSPICIOUS_DELIVERIES;

/** A task that is with a slot, as far as it has come. */
type Held = { sweep: string; message: JsMsg; began: number | undefined; computed: boolean };
/** Tasks that were requested and have not come. */
type Pull = { sweep: string; left: number; messages: ConsumerMessages | undefined };

/**
 * One slot of a node: requests tasks, handles them, requests more. A node has one slot per thread. `Pace` decides how many tasks a slot
 * requests. It is one when the slot has none: nothing is fetched without a free thread, so other nodes find it. It is more only where
 * requesting a task takes too long.
 * @param turns threads of the node, shared by its slots
 * @param onTask called when a task arrives
 * @param onFault called when the node, not its tasks, is at fault
 */
export async function runSlot(
  context: NodeContext,
  sweeps: SweepList,
  turns: Turns,
  health: Health,
  { drain, stop }: SlotSignals,
  onTask: () => void,
  onFault: () => void,
): Promise<void> {
  const { retry, giveBack, ackWait } = context.cluster.timings;
  const consumers = new Map<string, Consumer>();
  const pulls = new Set<Pull>();
  const held = new Map<Held, Promise<void>>();
  /** a task that ends nodes may be here: each waits for the one before it */
  let alone: Promise<void> | undefined;
  /** their sweeps */
  const suspected = new Set<string>();
  /** The server had more tasks of the sweep than it was asked for. */
  const hasMore = new Map<string, boolean>();
  /** A task has waited in vain for its turn: one under way takes longer than expected. */
  let isLate = false;
  let ring = (): void => {};
  let rung = new Promise<void>((resolve) => (ring = resolve));
  /** Something has changed that may let the slot request tasks. */
  const change = (): void => {
    ring();
    rung = new Promise((resolve) => (ring = resolve));
  };
  // tasks that have come are given back below; one on its way comes again as if this node had died. A node that drains waits for the answer
  void whenAborted(stop).then(() => {
    for (const { messages } of pulls) messages?.stop();
  });
  void whenAborted(drain).then(change);
  const working = setInterval(() => {
    for (const { message } of held.keys()) message.working();
  }, ackWait / 3);

  const load = (): Load => {
    let [tasks, seconds] = [0, 0];
    const now = performance.now();
    for (const { sweep, began, computed } of held.keys()) {
      if (computed) continue;
      tasks += 1;
      seconds += Math.max(0, context.pace.expected(sweep) - (began === undefined ? 0 : (now - began) / 1000));
    }
    const unfinished = held.size - tasks;
    for (const { sweep, left } of pulls) {
      tasks += left;
      if (left > 0) seconds += left * context.pace.expected(sweep);
    }
    return { tasks, seconds, unfinished: unfinished + tasks };
  };
  /** Waits until the slot is to request tasks. @returns how many; 0 when it is not to request any */
  const wanted = async (sweep: string): Promise<number> => {
    for (;;) {
      const now = load();
      const waits = pulls.size > 0 && hasMore.get(sweep) !== true;
      const isFull = isLate && (now.tasks > 0 || turns.isFull);
      const isFree = alone === undefined && !isFull && !waits;
      const count = isFree ? context.pace.toRequest(sweep, now) : 0;
      if (count > 0) return count;
      // tasks under way come to their end with nobody telling
      const left = 1000 * (now.seconds - context.pace.enough(sweep));
      // other slots may have all threads: this one has no task whose end would tell
      if (isFull && now.tasks === 0) void turns.whenFree().then(change);
      const timer = isFree && left > 0 ? setTimeout(change, Math.min(left + 1, LOOK_AGAIN_MS)) : undefined;
      await rung;
      clearTimeout(timer);
      if (drain.aborted || !sweeps.has(sweep)) return 0;
    }
  };

  /** after how many milliseconds others may have a task that is given back */
  const delayOf = (why: CalledOff): number | undefined => {
    if (why === 'wait') return undefined;
    // sooner a pull of this node could get it again
    return why === 'node' ? context.pace.pull : giveBack;
  };
  const turnOf = (task: Held): Turn => ({
    async take() {
      const calledOff = await turns.take(task.sweep, isSuspicious(task.message));
      if (calledOff === undefined) task.began = performance.now();
      isLate ||= calledOff === 'wait';
      return calledOff && { giveBack: delayOf(calledOff) };
    },
    give() {
      turns.give();
      task.computed = true;
      isLate = false;
      change();
    },
  });
  const handle = async (task: Held, before?: Promise<unknown>) => {
    try {
      const calledOff = before && (await turns.behind(before, task.sweep, isSuspicious(task.message)));
      if (calledOff !== undefined) task.message.nak(delayOf(calledOff));
      else {
        await handleTask(context, health, task.message, turnOf(task), stop);
        if (await health.isAtFault()) onFault();
      }
    } catch {
      // the connection is closed: the server delivers the task again
    }
    held.delete(task);
    change();
  };
  const enter = (sweep: string, message: JsMsg): void => {
    // the sweep was paused, or refuses this node, while the server held the request; at once it would come to another slot of this node
    if (drain.aborted || !sweeps.has(sweep)) {
      message.nak(delayOf(drain.aborted ? 'node' : 'sweep'));
      return;
    }
    onTask();
    const task: Held = { sweep, message, began: undefined, computed: false };
    const suspicious = isSuspicious(message);
    if (suspicious) suspected.add(sweep);
    const before: Promise<unknown> | undefined = suspicious ? Promise.all(held.values()) : alone;
    const handled = handle(task, before);
    held.set(task, handled);
    if (before === undefined) return;
    const last = Promise.all([before, handled]).then(() => {
      if (alone !== last) return;
      // what came with it followed one by one; nothing more is taken with it if it comes again
      for (const each of suspected) context.pace.slowDown(each);
      suspected.clear();
      alone = undefined;
      change();
    });
    alone = last;
  };
  const pull = async (sweep: string, count: number): Promise<void> => {
    const open: Pull = { sweep, left: count, messages: undefined };
    pulls.add(open);
    try {
      const consumer = consumers.get(sweep) ?? (await context.js.consumers.get(STREAMS.tasks, sweep));
      consumers.set(sweep, consumer);
      // `bind`: after a lost connection the next pull does not wait for whoever leads to be asked first
      const messages = await consumer.fetch({ max_messages: count, expires: context.pace.pull, bind: true });
      open.messages = messages;
      if (stop.aborted) messages.stop();
      let any = false;
      for await (const message of messages) {
        any = true;
        open.left -= 1;
        hasMore.set(sweep, message.info.pending > 0);
        enter(sweep, message);
      }
      sweeps.answered(sweep, any);
      if (!any) hasMore.delete(sweep);
    } catch {
      // the sweep has just ended, or the server is away: the client reconnects, the list of sweeps is read again
      if (!sweeps.has(sweep)) consumers.delete(sweep);
      await sleep(retry);
    }
    pulls.delete(open);
    change();
  };

  while (!drain.aborted) {
    const sweep = sweeps.next();
    if (sweep === undefined) {
      await sweeps.changed();
      continue;
    }
    const count = await wanted(sweep);
    if (count > 0) void pull(sweep, count);
  }
  while (pulls.size > 0 || held.size > 0) await rung;
  clearInterval(working);
}
