import pLimit from 'p-limit';
import { counted, EdgesweepError, isExact, messageOf, type Outcome, type Task } from '../../../shared/mod.ts';
import { decodeOutcome, STREAMS, SUBJECTS } from '../../../shared/protocol/mod.ts';
import type { ComputedOutcome, Pool } from '../../../worker/mod.ts';
import { limitNotes } from '../../cluster/limited-notes.ts';
import { removeMessage } from '../../cluster/remove-message.ts';
import { removeResult } from '../../cluster/series.ts';
import { resultText } from '../../directory/mod.ts';
import type { Dispatching } from './part.ts';
import { whileAway } from './while-away.ts';

/** A message that says that two nodes computed different results for a task. @param seq of the message */
export type Claim = { task: Task; text: string; subject: string; seq: number };

type Accuse = (computed: ComputedOutcome, wrong: Outcome, seq: number) => Promise<boolean>;

export type Disputes = {
  /** Nobody's word counts: the task is computed here, and its results on the server are not taken from now on. */
  raise(claim: Claim): void;
  /** Is the task disputed, or was it? */
  has(task: Task): boolean;
  /** Is every dispute decided? */
  areDecided(): boolean;
  /** @throws EdgesweepError OUTCOMES_DIFFER with the tasks of which something else is recorded than was computed here */
  requireAgreement(): void;
  /** What was recorded of these tasks was taken back: their next results are taken. */
  forget(tasks: readonly Task[]): void;
};

/** Tasks that an error names one by one; the rest is only counted. */
const MOST_NAMED = 20;

/**
 * Decides what the result of a task is that two nodes disagree on, or are said to: anyone who may set tasks aside may say so. The task
 * is computed here, where a task has the same result everywhere. If that gives what is stored, the claim is removed, and else the
 * stored result. No claim ends a run.
 * @param pool of this machine @param accuse sets the node aside that gave a result, where the result says which
 */
export function watchDisputes(dispatching: Dispatching, pool: () => Pool, accuse: Accuse): Disputes {
  const { cluster, key, work, channel, signal } = dispatching;
  const note = limitNotes(dispatching.note, 'disputed results');
  const limit = pLimit(1);
  const raised = new Set<Task['id']>();
  const undecided = new Set<Task['id']>();
  /** by id, why what is recorded cannot be relied on */
  const unreliable = new Map<Task['id'], string>();
  /** what was computed of those that are recorded */
  let toCompare = new Map<Task['id'], { claim: Claim; computed: ComputedOutcome }>();
  let comparing = false;

  /** One that stays on the server is decided again in the next run. */
  const dismiss = ({ subject, seq }: Claim) =>
    whileAway(cluster, () => removeMessage(cluster, STREAMS.failed, subject, seq), signal).catch(() => {});

  const compute = (task: Task): Promise<ComputedOutcome> => {
    limit.concurrency = pool().threads;
    return pool().run(task, 1);
  };

  /** Removes what is stored of the task, if it is another result. */
  const correctStored = async ({ task, text }: Claim, computed: ComputedOutcome): Promise<'accused' | undefined> => {
    const subject = SUBJECTS.result(key, task.id);
    const read = () => cluster.jsm.direct.getMessage(STREAMS.results, { last_by_subj: subject });
    const stored = await whileAway(cluster, read, signal);
    const decoded = stored && decodeOutcome(stored.data, task.id);
    if (!stored || !decoded?.ok || resultText(decoded.value) === resultText(computed.outcome)) {
      note(`task ${task.id} is computed here, because of the message: ${text}`);
      return undefined;
    }
    const { host } = decoded.value.provenance;
    note(
      `nodes disagree on task ${task.id}: the result from ${host} is not what this machine computes, and is removed`,
    );
    if (await accuse(computed, decoded.value, stored.seq)) return 'accused';
    await whileAway(cluster, () => removeResult(cluster, key, decoded.value, stored.seq), signal);
    return undefined;
  };

  const distrust = (id: Task['id'], why: string): void => {
    note(`the recorded result of task ${id} cannot be relied on: ${why}`);
    unreliable.set(id, why);
  };

  const compare = async (batch: typeof toCompare): Promise<void> => {
    try {
      const recorded = await work.recorded(new Set(batch.keys()));
      for (const [id, { claim, computed }] of batch) {
        const result = resultText(computed.outcome);
        const found = recorded.get(id);
        const text = found === undefined ? result : resultText(found);
        if (found === undefined || text === result || (await accuse(computed, found, 0))) await dismiss(claim);
        else distrust(id, `recorded from ${found.provenance.host}: ${text}, computed here: ${result}`);
      }
    } catch (error) {
      for (const id of batch.keys()) distrust(id, messageOf(error));
    } finally {
      for (const id of batch.keys()) undecided.delete(id);
    }
  };

  /** Many at a time, since each comparison reads the journal. */
  const compareAll = async (): Promise<void> => {
    if (comparing) return;
    comparing = true;
    while (toCompare.size > 0 && !signal.aborted) {
      const batch = toCompare;
      toCompare = new Map();
      await compare(batch);
    }
    comparing = false;
  };

  const decide = async (claim: Claim): Promise<void> => {
    const { task } = claim;
    if (signal.aborted) return;
    try {
      const computed = await compute(task);
      const corrected = await correctStored(claim, computed);
      if (work.isSettled(task)) {
        toCompare.set(task.id, { claim, computed });
        return void compareAll();
      }
      if (corrected !== 'accused') await channel.push({ type: 'decided', ...computed });
      await dismiss(claim);
    } catch (error) {
      if (signal.aborted) return;
      const message = `nodes disagree on its result, and this machine cannot decide: ${messageOf(error)}`;
      if (work.isSettled(task)) distrust(task.id, message);
      else await channel.push({ type: 'failure', failure: { task, error: { code: 'OUTCOMES_DIFFER', message } } });
    }
    undecided.delete(task.id);
  };

  return {
    raise(claim) {
      const { task, subject } = claim;
      if (!isExact(task.numerics)) {
        note(`${subject} is ignored: results of this arithmetic may differ`);
        return;
      }
      // once a run, however often it is claimed
      if (raised.has(task.id)) return void dismiss(claim);
      raised.add(task.id);
      undecided.add(task.id);
      void limit(decide, claim);
    },
    has: ({ id }) => raised.has(id),
    areDecided: () => undecided.size === 0,
    forget(tasks) {
      for (const { id } of tasks) {
        raised.delete(id);
        unreliable.delete(id);
      }
    },
    requireAgreement() {
      if (unreliable.size === 0) return;
      const named = [...unreliable].slice(0, MOST_NAMED);
      const lines = named.map(([id, why]) => `${id}: ${why}`);
      if (named.length < unreliable.size) lines.push(`... and ${unreliable.size - named.length} more`);
      const ids = named.map(([id]) => id.slice(0, 12)).join(',');
      throw new EdgesweepError(
        'OUTCOMES_DIFFER',
        `${counted(unreliable.size, 'recorded result')} cannot be relied on`,
        {
          where: key,
          expected: 'what this machine computes',
          got: lines.join('\n            '),
          fix: `check the directory with \`edgesweep verify DIR\`; \`edgesweep repair DIR --forget ${ids}\` moves the results aside, and the next run recomputes them`,
        },
      );
    },
  };
}
