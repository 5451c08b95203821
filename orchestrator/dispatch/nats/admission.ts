import { setTimeout as sleep } from 'node:timers/promises';
import { isSignatureOf, type Outcome, oneLine, type Task } from '../../../shared/mod.ts';
import { limitNotes } from '../../cluster/limited-notes.ts';
import type { Nodes } from '../../cluster/nodes.ts';
import type { Failure } from '../dispatcher.ts';
import { onServer } from './on-server.ts';
import type { Arrival, Dispatching } from './part.ts';
import type { Refusals } from './refusals.ts';

/** After so many refused results a task counts as failed in this run: somebody answers faster than every node that may. */
const MOST_REFUSED_RESULTS = 5;

/** The most reasons that are reported. */
const MOST_TOLD = 1000;

export type Admission = {
  /** @returns `admitted`; undefined for a result that is removed, and whose task is sent again; or the failure of its task */
  admit(arrival: Extract<Arrival, { type: 'outcome' }>): Promise<'admitted' | Failure | undefined>;
  close(): void;
};

export type AdmissionOptions = {
  /** the only keys whose results are taken; undefined: those of any node */
  trusted: ReadonlySet<string> | undefined;
  /** with `trusted`, or where a node is to be found by its results */
  mustBeSigned: boolean;
  refusals: Refusals;
  /** see `Reconciler` */
  tellRefused(): Promise<void>;
};

/** Takes results only from nodes that may give them, where it matters who they are. */
export function createAdmission(
  dispatching: Dispatching,
  nodes: Nodes,
  { trusted, mustBeSigned, refusals, tellRefused }: AdmissionOptions,
): Admission {
  const { key: sweep, signal } = dispatching;
  const { timings } = dispatching.cluster;
  const { remove, sendAgain } = onServer(dispatching);
  const note = limitNotes(dispatching.note, 'refused results');
  const refused = new Map<Task['id'], number>();
  const told = new Set<string>();
  const isTrusted = (key: string) => trusted === undefined || trusted.has(key);

  /** What the node says of itself, or a valid signature: of a key that is not trusted, either may be believed. */
  const turnAway = async (key: string, node: string): Promise<void> => {
    if (!refusals.add({ key, node, why: 'not-trusted' })) return;
    note(
      `node ${oneLine(node)} is not trusted: its key ${key} is not in the file of trusted keys; it takes no tasks of this sweep`,
    );
    await tellRefused().catch(() => {});
  };
  const stopListening = nodes.listen(({ key, node }) => {
    if (key !== undefined && !isTrusted(key)) void turnAway(key, node);
  });

  const problemOf = (outcome: Outcome): string | undefined => {
    const { signed } = outcome.provenance;
    if (signed === undefined) return 'it is not signed';
    if (!isTrusted(signed.key)) return `its key ${signed.key} is not trusted`;
    if (refusals.isSetAside(signed.key)) return `the node with key ${signed.key} was set aside`;
    if (signed.sweep !== sweep) return 'it is signed for another sweep';
    return isSignatureOf(outcome, signed) ? undefined : 'its signature is not one of its content';
  };

  return {
    async admit({ outcome, seq }) {
      const problem = mustBeSigned ? problemOf(outcome) : undefined;
      if (problem === undefined) return 'admitted';
      const { task, provenance } = outcome;
      const who = `the result of task ${task.id} from ${oneLine(provenance.signed?.node ?? provenance.host)} is refused: ${problem}`;
      // anyone may invent keys
      if (!told.has(problem) && told.size < MOST_TOLD) note(who);
      if (told.size < MOST_TOLD) told.add(problem);
      if (provenance.signed !== undefined && !isTrusted(provenance.signed.key))
        await turnAway(provenance.signed.key, provenance.signed.node);
      await remove(outcome, seq);
      const times = (refused.get(task.id) ?? 0) + 1;
      refused.set(task.id, times);
      if (times < MOST_REFUSED_RESULTS) {
        // later from the second time on: a node that keeps to it has to hear first that it is refused
        if (times === 1) await sendAgain(task);
        else
          void sleep(timings.giveBack, task, { signal })
            .then(sendAgain)
            .catch(() => {});
        return undefined;
      }
      return { task, error: { code: 'RESULT_REFUSED', message: `${who}; so were ${times - 1} before it` } };
    },
    close: stopListening,
  };
}
