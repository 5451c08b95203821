import type { JsMsg } from '@nats-io/jetstream';
import {
  dataNeeds,
  experimentOf,
  isKnownNumerics,
  messageOf,
  NUMERICS,
  otherArithmetic,
  type TaskOf,
} from '../../shared/mod.ts';
import { type Attempt, decodeTask, parseSubject } from '../../shared/protocol/mod.ts';
import { readAttempts } from './attempts.ts';
import { forgetCheckpoints } from './checkpoints.ts';
import { compute, type Turn } from './compute.ts';
import type { NodeContext } from './context.ts';
import type { Health } from './health.ts';
import { programOf } from './program-of.ts';
import { findResult, publishFailure } from './results.ts';
import { setAside } from './set-aside.ts';

/** A task delivered this often without a result takes whole nodes with it, and is set aside untried. */
const MOST_DELIVERIES = 25;
/** How often a task that failed here is given back for another node to take, before it is tried here again. */
const MOST_LEAVINGS = 5;

/**
 * What a node does with one delivered task. The message is acknowledged only when the result, or the failure, is on the server; if
 * this throws or the node dies, the task is delivered again. Meanwhile the caller tells the server that the task is being worked on.
 * @param turn of the task in a thread
 * @param stop aborted when the node may no longer wait for tasks under way
 */
export async function handleTask(
  context: NodeContext,
  health: Health,
  message: JsMsg,
  turn: Turn,
  stop: AbortSignal,
): Promise<void> {
  try {
    await decide(context, health, message, turn, stop);
  } catch (error) {
    context.note(`task ${message.subject} is returned to the queue: ${messageOf(error)}`);
    message.nak(context.cluster.timings.backoff);
  }
}

async function decide(
  context: NodeContext,
  health: Health,
  message: JsMsg,
  turn: Turn,
  stop: AbortSignal,
): Promise<void> {
  const names = parseSubject(message.subject);
  if (names === undefined) return message.term();
  const { sweep } = names;
  const { timings } = context.cluster;
  const decoded = decodeTask(message.data, names.task);
  if (!decoded.ok) {
    if (context.versions.areToBlame(sweep, names.task, message.data, decoded.problem))
      return message.nak(timings.giveBack);
    context.note(`message ${message.subject} is not a task and is set aside: ${decoded.problem}`);
    await publishFailure(context, sweep, names.task, {
      error: { code: 'MESSAGE_MALFORMED', message: decoded.problem },
      attempts: [],
    });
    return message.term();
  }
  const task = decoded.value;
  if (!isKnownNumerics(task.numerics) || otherArithmetic(task.cell) !== undefined) return message.nak(30_000);
  const { deliveryCount } = message.info;
  // also at the first delivery: after a crash the server may have forgotten acknowledgements, and counts from the start
  if (deliveryCount > 1 || context.pace.isWorthLooking(sweep)) {
    const asked = performance.now();
    const recorded = await findResult(context, sweep, task.id);
    context.pace.answered((performance.now() - asked) / 1000);
    // the orchestrator removes what is in its place
    if (recorded === 'unreadable') return message.nak(timings.giveBack);
    if (recorded !== undefined) {
      // another node has ended what this one, or one beside it, had begun
      forgetCheckpoints(context, task);
      return message.ack();
    }
  }
  // `specOf` and `has` report it, once
  if (experimentOf(task).byProgram && programOf(context, sweep, task as TaskOf<'program'>) === undefined)
    return message.nak(timings.giveBack);
  if (dataNeeds([task.cell]).some((need) => !context.data.has(need))) return message.nak(timings.giveBack);
  // the first delivery has no tries behind it, or one that was forgotten: then the task has one more
  const attempts = deliveryCount === 1 ? [] : await readAttempts(context.attempts, sweep, task.id);
  // those that this node gave back ended no node
  if (deliveryCount - (context.givenBack.get(task.id) ?? 0) > MOST_DELIVERIES) {
    const text = `delivered ${deliveryCount} times without a result; it may crash the nodes that try it`;
    return setAside(context, sweep, task, { code: 'TASK_FAILED', message: text }, attempts, message);
  }
  if (deliveryCount <= attempts.length + MOST_LEAVINGS && leaveToOthers(context, attempts))
    return message.nak(2 * timings.backoff);
  await compute(context, health, { sweep, task, attempts, message, turn, stop });
}

/** A task that failed here is left to nodes that have not tried it, while there are any, or there may be. */
function leaveToOthers({ options, others }: NodeContext, attempts: readonly Attempt[]): boolean {
  const tried = new Set(attempts.map(({ node }) => node));
  if (!tried.has(options.name)) return false;
  const heard = others();
  return (
    heard === undefined ||
    heard.some(({ node, state, numerics }) => state === 'ready' && numerics === NUMERICS && !tried.has(node))
  );
}
