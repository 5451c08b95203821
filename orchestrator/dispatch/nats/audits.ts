import {
  isExact,
  iterationsOf,
  messageOf,
  NUMERICS,
  type Outcome,
  oneLine,
  type Signed,
  type Task,
} from '../../../shared/mod.ts';
import type { ComputedOutcome, Pool } from '../../../worker/mod.ts';
import type { Audit } from '../../audit.ts';
import { limitNotes } from '../../cluster/limited-notes.ts';
import type { Nodes } from '../../cluster/nodes.ts';
import { resultText } from '../../directory/mod.ts';
import type { OnServer } from './on-server.ts';
import type { Arrival, Audited, Dispatching } from './part.ts';
import type { Refusals } from './refusals.ts';

type Result = Extract<Arrival, { type: 'outcome' }>;

export type Audits = {
  /**
   * Keeps a result back that is to be computed a second time.
   * @returns the result once it may be recorded; undefined while it may not
   */
  screen(arrival: Result): Promise<Result | undefined>;
  /**
   * Compares what nodes have answered with what this machine computed. Nodes that gave another result are set aside, and what is
   * recorded of their results is taken back. Called while nothing is being recorded.
   * @returns what to record
   */
  judge(audited: Audited): Promise<Result | Extract<Arrival, { type: 'decided' }>>;
  /**
   * Has `judge` called with what this machine computed and what nodes answered.
   * @param last of the answers, with its place @throws where this machine does not compute the same a second time
   */
  compare(computed: ComputedOutcome, answers: readonly Outcome[], last: Result): Promise<void>;
  /** Is no task being computed here, and none waiting to be judged? */
  isIdle(): boolean;
};

export type AuditsOptions = {
  nodes: Pick<Nodes, 'list'>;
  audit: Audit;
  refusals: Refusals;
  /** of this machine */
  pool(): Pool;
  /** tells the node, takes its recorded results back, and has their tasks sent again */
  setAside(node: Signed, task: Task['id']): Promise<void>;
  onServer: OnServer;
};

const signerOf = ({ provenance }: Outcome): Signed => provenance.signed!;

/**
 * Audits results of nodes. The first result of a chosen task is taken off the server, and the task is sent again as any other: no node can
 * tell that it is a second computation. Where the second result comes from the same node, differs, or where there is no other node, and
 * where nodes go on from each other's checkpoints, this machine computes the task.
 */
export function createAudits(
  { channel, signal, work, sawProgress, ...dispatching }: Omit<Dispatching, 'cluster' | 'key'>,
  { nodes, audit, refusals, pool, setAside, onServer }: AuditsOptions,
): Audits {
  const note = limitNotes(dispatching.note, 'audits');
  /** the first results of tasks that are computed a second time */
  const first = new Map<Task['id'], Outcome>();
  const underWay = new Set<Task['id']>();

  const hasAnother = (key: string): boolean =>
    nodes
      .list()
      .some(
        (node) =>
          node.state === 'ready' &&
          node.numerics === NUMERICS &&
          node.key !== undefined &&
          node.key !== key &&
          !refusals.has(node.key),
      );

  const compare = async (computed: ComputedOutcome, answers: readonly Outcome[], last: Result): Promise<void> => {
    const { task } = last.outcome;
    const right = resultText(computed.outcome);
    underWay.add(task.id);
    try {
      // before a node is blamed: the fault may be this machine's
      if (answers.some((answer) => resultText(answer) !== right)) await requireAgain(task, right);
    } catch (error) {
      underWay.delete(task.id);
      throw error;
    }
    await channel.push({ type: 'audited', computed, answers, last });
  };

  const requireAgain = async (task: Task, result: string): Promise<void> => {
    const again = resultText((await pool().run(task, 1)).outcome);
    if (again !== result)
      throw new Error(
        `it computed ${result} and then ${again}: check the memory of this machine, and start the run on another`,
      );
  };

  const computeHere = async (answers: readonly Outcome[], last: Result): Promise<void> => {
    const { task } = last.outcome;
    underWay.add(task.id);
    try {
      await compare(await pool().run(task, 1), answers, last);
    } catch (error) {
      underWay.delete(task.id);
      if (signal.aborted) return;
      const message = `its result from ${oneLine(signerOf(last.outcome).node)} was to be audited, and this machine cannot compute it: ${messageOf(error)}`;
      await channel.push({ type: 'failure', failure: { task, error: { code: 'TASK_FAILED', message } } });
    }
  };

  return {
    async screen(arrival) {
      const { outcome, seq } = arrival;
      const { task } = outcome;
      if (!audit.isChosen(task) || !isExact(task.numerics)) return arrival;
      // it may have come twice
      if (work.isSettled(task) || underWay.has(task.id)) return undefined;
      sawProgress();
      const earlier = first.get(task.id);
      // of a long task the second node would go on from the checkpoint of the first
      const isIndependent = iterationsOf(task.cell) === 0 && hasAnother(signerOf(outcome).key);
      if (earlier === undefined && isIndependent) {
        first.set(task.id, outcome);
        await onServer.remove(outcome, seq);
        await onServer.sendAgain(task);
        return undefined;
      }
      first.delete(task.id);
      if (earlier !== undefined && signerOf(earlier).key !== signerOf(outcome).key) {
        if (resultText(earlier) === resultText(outcome)) {
          audit.count();
          return arrival;
        }
        note(`nodes ${nameOf(earlier)} and ${nameOf(outcome)} disagree on task ${task.id}: this machine computes it`);
      }
      void computeHere(earlier === undefined ? [outcome] : [earlier, outcome], arrival);
      return undefined;
    },
    async judge({ computed, answers, last }) {
      const { task } = last.outcome;
      const right = resultText(computed.outcome);
      audit.count();
      for (const answer of answers.filter((one) => resultText(one) !== right))
        await setAside(signerOf(answer), task.id);
      underWay.delete(task.id);
      if (resultText(last.outcome) === right) return last;
      await onServer.remove(last.outcome, last.seq);
      return { type: 'decided', ...computed };
    },
    compare,
    isIdle: () => underWay.size === 0,
  };
}

const nameOf = (outcome: Outcome): string => oneLine(signerOf(outcome).node);
