import type { JsMsg } from '@nats-io/jetstream';
import { dataNeeds, EdgesweepError, isKnownNumerics, NUMERICS, type Task } from '../../shared/mod.ts';
import { type Attempt, decodeTask, parseSubject } from '../../shared/protocol/mod.ts';
import { type ComputedOutcome, createPool } from '../pool.ts';
import { addAttempt, readAttempts } from './attempts.ts';
import type { NodeContext } from './context.ts';
import type { Health } from './health.ts';
import { attemptOf, findResult, publishFailure, publishResult } from './results.ts';

/** A third of the consumer's ack_wait: how often a task under way is reported, in milliseconds. */
const WORKING_MS = 10_000;
/** After this many failed tries a task is tried once more, alone in a thread of its own, and then set aside. */
const TRIES_IN_POOL = 2;
/** A task delivered this often without a result takes whole nodes with it, and is set aside untried. */
const MOST_DELIVERIES = 25;
/** How often a task that failed here is given back for another node to take, before it is tried here again. */
const MOST_LEAVINGS = 5;
const BACKOFF_MS = 1000;
/** How long a task waits whose result cannot be read: the orchestrator removes what is in its place. */
const UNREADABLE_MS = 5000;
/** How long a task waits that needs data that are not here: for another node to take it, or for them to come. */
const WITHOUT_DATA_MS = 5000;
/** What is wrong with the files of this machine, and not with the task. */
const OF_THE_FILES: string[] = ['DATA_MISSING', 'DATA_DAMAGED', 'DATA_DIFFERS', 'DATA_UNREADABLE'];

/**
 * What a node does with one delivered task. The message is acknowledged only when the result, or the failure, is on the server; if
 * this throws or the node dies, the task is delivered again.
 * @param stop aborted when the node may no longer wait for tasks under way
 */
export async function handleTask(
  context: NodeContext,
  health: Health,
  message: JsMsg,
  stop: AbortSignal,
): Promise<void> {
  const working = setInterval(() => message.working(), WORKING_MS);
  try {
    await decide(context, health, message, stop);
  } catch (error) {
    context.note(`task ${message.subject} goes back: ${error instanceof Error ? error.message : String(error)}`);
    message.nak(BACKOFF_MS);
  } finally {
    clearInterval(working);
  }
}

async function decide(context: NodeContext, health: Health, message: JsMsg, stop: AbortSignal): Promise<void> {
  const names = parseSubject(message.subject);
  if (names === undefined) return message.term();
  const { sweep } = names;
  const decoded = decodeTask(message.data, names.task);
  if (!decoded.ok) {
    context.note(`message ${message.subject} is no task and is set aside: ${decoded.problem}`);
    await publishFailure(context, sweep, names.task, {
      error: { code: 'MESSAGE_MALFORMED', message: decoded.problem },
      attempts: [],
    });
    return message.term();
  }
  const task = decoded.value;
  if (!isKnownNumerics(task.numerics)) return message.nak(30_000);
  const { deliveryCount } = message.info;
  // also at the first delivery: after a crash the server may have forgotten acknowledgements, and counts from the start
  if (deliveryCount > 1 || context.pace.isWorthLooking(sweep)) {
    const recorded = await findResult(context, sweep, task.id);
    if (recorded === 'unreadable') return message.nak(UNREADABLE_MS);
    if (recorded !== undefined) return message.ack();
  }
  // told, once, by `has`
  if (dataNeeds([task.cell]).some((need) => !context.data.has(need))) return message.nak(WITHOUT_DATA_MS);
  // the first delivery has no tries behind it, or one that was forgotten: then the task has one more
  const attempts = deliveryCount === 1 ? [] : await readAttempts(context.attempts, sweep, task.id);
  if (deliveryCount > MOST_DELIVERIES) {
    const text = `delivered ${deliveryCount} times without a result; it may end the nodes that try it`;
    return setAside(context, sweep, task, { code: 'TASK_FAILED', message: text }, attempts, message);
  }
  if (deliveryCount <= attempts.length + MOST_LEAVINGS && leaveToOthers(context, attempts))
    return message.nak(2 * BACKOFF_MS);
  await compute(context, health, { sweep, task, attempts, message, stop });
}

type Delivery = { sweep: string; task: Task; attempts: Attempt[]; message: JsMsg; stop: AbortSignal };

async function compute(context: NodeContext, health: Health, delivery: Delivery): Promise<void> {
  const { sweep, message, stop } = delivery;
  let computed: ComputedOutcome;
  context.counts.busy += 1;
  try {
    computed = await run(context, delivery);
  } catch (error) {
    if (error instanceof EdgesweepError && OF_THE_FILES.includes(error.code)) {
      for (const need of dataNeeds([delivery.task.cell])) context.data.lost(need, error);
      return message.nak(WITHOUT_DATA_MS);
    }
    // the pool was closed under the task: no failure of the task's
    return stop.aborted ? message.nak() : failed(context, health, delivery, error);
  } finally {
    context.counts.busy -= 1;
  }
  const { outcome } = computed;
  if (!(await publishResult(context, sweep, outcome, stop))) return message.nak();
  context.counts.done += 1;
  context.pace.took(sweep, outcome.provenance.seconds);
  health.succeeded();
  return message.ack();
}

const isLastTry = (attempts: readonly Attempt[]): boolean => attempts.length >= TRIES_IN_POOL;

async function run({ options, pool }: NodeContext, { task, attempts, stop }: Delivery): Promise<ComputedOutcome> {
  const attempt = attempts.length + 1;
  if (!isLastTry(attempts)) return pool.run(task, attempt);
  const alone = createPool({ ...options, threads: 1 });
  const close = () => void alone.close();
  stop.addEventListener('abort', close);
  try {
    return await alone.run(task, attempt);
  } finally {
    stop.removeEventListener('abort', close);
    await alone.close();
  }
}

async function failed(context: NodeContext, health: Health, delivery: Delivery, error: unknown): Promise<void> {
  const { sweep, task, attempts, message } = delivery;
  context.counts.failed += 1;
  const known = error instanceof EdgesweepError;
  const attempt = attemptOf(context, error);
  context.note(`task ${task.id} failed (${attempts.length + 1}): ${attempt.error.message}`);
  if (!known) health.failed({ sweep, task: task.id });
  const all = await addAttempt(context.attempts, sweep, task, attempt);
  // an error that the task brings about itself is the same on every node
  if (known || isLastTry(attempts)) return setAside(context, sweep, task, attempt.error, all, message);
  message.nak(BACKOFF_MS * 2 ** attempts.length);
}

/** A task that failed here is left to nodes that have not tried it, while there are any. */
function leaveToOthers({ options, others }: NodeContext, attempts: readonly Attempt[]): boolean {
  const tried = new Set(attempts.map(({ node }) => node));
  if (!tried.has(options.name)) return false;
  return others().some(({ node, state, numerics }) => state === 'ready' && numerics === NUMERICS && !tried.has(node));
}

async function setAside(
  context: NodeContext,
  sweep: string,
  task: Task,
  error: Attempt['error'],
  attempts: Attempt[],
  message: JsMsg,
): Promise<void> {
  context.note(`task ${task.id} is set aside: ${error.message}`);
  await publishFailure(context, sweep, task.id, { task, error, attempts });
  return message.ack();
}
