import type { JsMsg } from '@nats-io/jetstream';
import {
  dataNeeds,
  EdgesweepError,
  errorLine,
  experimentOf,
  signOutcome,
  type Task,
  type TaskOf,
} from '../../shared/mod.ts';
import type { Attempt } from '../../shared/protocol/mod.ts';
import { type ComputedOutcome, createPool } from '../pool.ts';
import { addAttempt } from './attempts.ts';
import { forgetCheckpoints, shareCheckpoints } from './checkpoints.ts';
import type { NodeContext } from './context.ts';
import type { Health } from './health.ts';
import { programOf } from './program-of.ts';
import { attemptOf, logOf, publishResult } from './results.ts';
import { setAside } from './set-aside.ts';

/** After this many failed tries a task is tried once more, alone in a thread of its own, and then set aside. */
const TRIES_IN_POOL = 2;
/** What is wrong with the files of this machine, and not with the task. */
const OF_THE_DATA: string[] = ['DATA_MISSING', 'DATA_DAMAGED', 'DATA_DIFFERS', 'DATA_UNREADABLE'];
/** What is wrong with a program on this machine. */
const OF_THE_PROGRAM: string[] = ['PROGRAM_MISSING', 'PROGRAM_DIFFERS'];
/** Of the files that a thread writes, only checkpoints. */
const OF_THE_SCRATCH_FOLDER: string[] = ['CHECKPOINT_OTHER_VERSION', 'DISK'];

/** Of a task in a thread of the node. */
export type Turn = {
  /** Waits for it. @returns after how many milliseconds others may have the task, when it is to be given back; undefined with the turn */
  take(): Promise<{ giveBack: number | undefined } | undefined>;
  /** The task is computed, or cannot be. */
  give(): void;
};

export type Delivery = {
  sweep: string;
  task: Task;
  attempts: Attempt[];
  message: JsMsg;
  turn: Turn;
  stop: AbortSignal;
};

/**
 * Computes a task and publishes what it comes to. The message is acknowledged, or given back.
 * @throws what publishing a failure brings about
 */
export async function compute(context: NodeContext, health: Health, delivery: Delivery): Promise<void> {
  const { sweep, task, message, turn, stop } = delivery;
  const { timings } = context.cluster;
  const calledOff = await turn.take();
  if (calledOff !== undefined) return message.nak(calledOff.giveBack);
  let computed: ComputedOutcome;
  context.counts.busy += 1;
  try {
    computed = signed(context, sweep, await run(context, delivery));
  } catch (error) {
    if (error instanceof EdgesweepError && OF_THE_DATA.includes(error.code)) {
      for (const need of dataNeeds([task.cell])) context.data.lost(need, error);
      return message.nak(timings.giveBack);
    }
    if (error instanceof EdgesweepError && OF_THE_PROGRAM.includes(error.code)) {
      const program = programOf(context, sweep, task as TaskOf<'program'>);
      if (program !== undefined) context.programs.lost(program.need, error);
      return message.nak(timings.giveBack);
    }
    if (error instanceof EdgesweepError && OF_THE_SCRATCH_FOLDER.includes(error.code)) {
      context.note(`task ${task.id} is left to other nodes: ${errorLine(error)}`);
      context.givenBack.set(task.id, (context.givenBack.get(task.id) ?? 0) + 1);
      return message.nak(timings.withoutScratch);
    }
    // the pool was closed under the task: no failure of the task's
    return stop.aborted ? message.nak() : failed(context, health, delivery, error);
  } finally {
    context.counts.busy -= 1;
    turn.give();
  }
  const { outcome } = computed;
  if (!(await publishResult(context, sweep, computed, stop))) return message.nak();
  forgetCheckpoints(context, task);
  context.givenBack.delete(task.id);
  context.counts.done += 1;
  context.pace.took(sweep, outcome.provenance.seconds);
  health.succeeded();
  return message.ack();
}

function signed({ options: { name, key } }: NodeContext, sweep: string, computed: ComputedOutcome): ComputedOutcome {
  if (key === undefined) return computed;
  return { ...computed, outcome: signOutcome(computed.outcome, { sweep, node: name }, key) };
}

const isLastTry = (attempts: readonly Attempt[]): boolean => attempts.length >= TRIES_IN_POOL;

async function run(context: NodeContext, { sweep, task, attempts, stop }: Delivery): Promise<ComputedOutcome> {
  const { options, pool, underWay } = context;
  const attempt = attempts.length + 1;
  const onIteration = (iterations: number) => underWay.set(task.id, { sweep, task: task.id, iterations });
  const { byProgram } = experimentOf(task);
  const program = byProgram && programOf(context, sweep, task as TaskOf<'program'>);
  if (byProgram && program === undefined)
    throw new EdgesweepError('PROGRAM_MISSING', 'the program is no longer here, or is another one');
  // a program without a folder of its own resumes from nothing
  const endSharing =
    program?.spec.settings.checkpoints === false ? () => {} : await shareCheckpoints(context, sweep, task);
  if (program !== undefined) {
    // each try that failed has had a process of its own
    return program.pool.run(task as TaskOf<'program'>, attempt, program.spec).finally(endSharing);
  }
  const alone = isLastTry(attempts) ? createPool({ ...options, threads: 1 }) : undefined;
  const close = () => void alone?.close();
  if (alone !== undefined) stop.addEventListener('abort', close);
  try {
    return await (alone ?? pool).run(task, attempt, onIteration);
  } finally {
    stop.removeEventListener('abort', close);
    endSharing();
    underWay.delete(task.id);
    await alone?.close();
  }
}

async function failed(context: NodeContext, health: Health, delivery: Delivery, error: unknown): Promise<void> {
  const { sweep, task, attempts, message } = delivery;
  context.counts.failed += 1;
  // listens from now on: whoever has not tried the task may take it
  context.others();
  const known = error instanceof EdgesweepError;
  const attempt = attemptOf(context, error);
  context.note(`task ${task.id} failed (${attempts.length + 1}): ${attempt.error.message}`);
  if (!known) health.failed({ sweep, task: task.id });
  const all = await addAttempt(context.attempts, sweep, task, attempt);
  // an error that the task brings about itself is the same on every node
  if (known || isLastTry(attempts)) {
    const failure = { ...attempt.error, ...logOf(error) };
    return setAside(context, sweep, task, failure, all, message);
  }
  message.nak(context.cluster.timings.backoff * 2 ** attempts.length);
}
