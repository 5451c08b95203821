import { EdgesweepError, errorLine, isExact, messageOf, type Outcome } from '../../shared/mod.ts';
import {
  type Attempt,
  decodeOutcome,
  encode,
  type FailureMessage,
  LONGEST_LOG,
  publishOnce,
  putFile,
  STREAMS,
  SUBJECTS,
  shorten,
} from '../../shared/protocol/mod.ts';
import type { ComputedOutcome } from '../pool.ts';
import { MachineFault, ProgramFailure } from '../programs/mod.ts';
import { type NodeContext, sleep } from './context.ts';

/** One in so many tries is reported. */
const NOTE_EVERY = 15;
/** How often a result waits for an unreadable message in its place to be removed. */
const MOST_UNREADABLE = 3;

/** The recorded outcome of a task; undefined when there is none, `unreadable` when something else is in its place. */
export async function findResult(
  { cluster }: NodeContext,
  sweep: string,
  task: string,
): Promise<Outcome | 'unreadable' | undefined> {
  const stored = await cluster.jsm.direct.getMessage(STREAMS.results, { last_by_subj: SUBJECTS.result(sweep, task) });
  if (stored === null) return undefined;
  const decoded = decodeOutcome(stored.data, task);
  return decoded.ok ? decoded.value : 'unreadable';
}

/**
 * Publishes until the server has it, and before it the file that belongs to it: the first outcome of a task stays, a second must agree
 * with it. Gives up when `stop` says so, or when somebody's unreadable message stays in its place; the task is then computed again.
 * @returns whether the task may be acknowledged
 */
export async function publishResult(
  context: NodeContext,
  sweep: string,
  { outcome, file }: ComputedOutcome,
  stop: AbortSignal,
): Promise<boolean> {
  if (file !== undefined && !(await publishSeries(context, sweep, outcome, file, stop))) return false;
  const { task } = outcome;
  const subject = SUBJECTS.result(sweep, task.id);
  let unreadable = 0;
  for (let tries = 0; !stop.aborted && unreadable < MOST_UNREADABLE; tries++) {
    const asked = performance.now();
    const published = await publishOnce(context.js, subject, encode(outcome));
    if (published === 'stored') {
      context.pace.answered((performance.now() - asked) / 1000);
      return true;
    }
    // a full stream refuses also what is there already
    if (published === 'exists' || published === 'full') {
      const earlier = await findResult(context, sweep, task.id).catch(() => undefined);
      // the orchestrator removes it, if one runs: it must not keep a thread for ever
      if (earlier === 'unreadable') unreadable += 1;
      else if (earlier !== undefined) return agree(context, sweep, outcome, earlier);
    }
    if (tries % NOTE_EVERY === 0)
      context.note(`waiting to publish the result of task ${task.id}: ${explain(published)}`);
    await sleep(2 * context.cluster.timings.retry);
  }
  return false;
}

/**
 * Puts the series of a result on the server; what is there of it already stays. A node that dies after this costs nothing: the next
 * one computes the same file, and finds it there.
 */
async function publishSeries(
  context: NodeContext,
  sweep: string,
  { task, provenance }: Outcome,
  file: Uint8Array,
  stop: AbortSignal,
): Promise<boolean> {
  const { sha256 } = provenance.file!;
  let tries = 0;
  return putFile(
    context.js,
    file,
    (part) => SUBJECTS.series(sweep, task.id, sha256, part),
    async (published) => {
      if (tries % NOTE_EVERY === 0)
        context.note(`waiting to store the series of task ${task.id}: ${explain(published)}`);
      tries += 1;
      await sleep(2 * context.cluster.timings.retry);
      return true;
    },
    stop,
  );
}

function explain(published: 'exists' | 'full' | 'unknown'): string {
  if (published === 'full')
    return 'the server is out of space (rerun the sweep to raise the limit of a full stream; raise max_file_store; or collect finished sweeps)';
  return published === 'exists' ? 'an unreadable message is stored in its place' : 'no answer from the server';
}

async function agree(context: NodeContext, sweep: string, ours: Outcome, earlier: Outcome): Promise<boolean> {
  if (!isExact(ours.task.numerics)) return true;
  // both went through the same schema, so the order of the keys is the same
  if (JSON.stringify(ours.result) === JSON.stringify(earlier.result)) return true;
  const message = `this node and ${earlier.provenance.host} computed different results: ${JSON.stringify(ours.result)} and ${JSON.stringify(earlier.result)}`;
  context.note(`task ${ours.task.id}: ${message}`);
  const attempt = attemptOf(context, new EdgesweepError('OUTCOMES_DIFFER', message));
  const { error } = attempt;
  await publishFailure(context, sweep, ours.task.id, { task: ours.task, error, attempts: [attempt] });
  return true;
}

/** Sets a task aside. */
export async function publishFailure(
  context: NodeContext,
  sweep: string,
  id: string,
  failure: FailureMessage,
): Promise<void> {
  await context.js.publish(SUBJECTS.failed(sweep, id), encode(failure));
}

export function attemptOf(context: NodeContext, error: unknown): Attempt {
  const known = error instanceof EdgesweepError;
  const message = known ? errorLine(error) : messageOf(error);
  return {
    node: context.options.name,
    error: { code: known ? error.code : 'TASK_FAILED', message: shorten(message) },
    time: new Date().toISOString(),
  };
}

/** What a program wrote, where it was one that failed. */
export const logOf = (error: unknown): { log?: string } =>
  (error instanceof ProgramFailure || error instanceof MachineFault) && error.log !== ''
    ? { log: error.log.slice(0, LONGEST_LOG) }
    : {};
