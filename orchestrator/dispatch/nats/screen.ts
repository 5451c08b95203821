import { counted, isSignatureOf, type Outcome, oneLine, type Signed, type Task } from '../../../shared/mod.ts';
import type { ComputedOutcome, Pool } from '../../../worker/mod.ts';
import type { Audit } from '../../audit.ts';
import type { Nodes } from '../../cluster/nodes.ts';
import type { Advance } from '../dispatcher.ts';
import { createAdmission } from './admission.ts';
import { createAudits } from './audits.ts';
import { onServer } from './on-server.ts';
import type { Arrival, Audited, Dispatching } from './part.ts';
import type { Refusals } from './refusals.ts';

export type ScreenOptions = {
  audit: Audit;
  /** the only keys whose results are taken; undefined: those of any node */
  trusted: ReadonlySet<string> | undefined;
  refusals: Refusals;
  /** see `Reconciler` */
  tellRefused(): Promise<void>;
  /** threads of this machine */
  pool(): Pool;
  /** told of tasks whose recorded results are taken back, and which are left again */
  onLeft(tasks: readonly Task[]): void;
};

export type Screen = {
  /** @returns what may be completed and recorded; undefined for a result that is not to be, or not yet */
  take(
    arrival: Extract<Arrival, { type: 'outcome' } | Audited>,
  ): Promise<Exclude<Arrival, Audited | Advance> | undefined>;
  /**
   * Sets the node aside that gave this result, and records what was computed here.
   * @param seq of the result on the server @returns false where the result does not say who gave it
   */
  accuse(computed: ComputedOutcome, wrong: Outcome, seq: number): Promise<boolean>;
  /** Is no result compared now? */
  isIdle(): boolean;
  close(): void;
};

/** What stands between the results of nodes and the journal: who may give them, and whether they are what another machine computes. */
export function createScreen(
  dispatching: Dispatching,
  nodes: Nodes,
  { audit, trusted, refusals, tellRefused, pool, onLeft }: ScreenOptions,
): Screen {
  const { note, work } = dispatching;
  const mustBeSigned = trusted !== undefined || audit.isOn || audit.setAside.length > 0;
  const admission = createAdmission(dispatching, nodes, { trusted, mustBeSigned, refusals, tellRefused });

  const setAside = async ({ key, node }: Signed, task: Task['id']): Promise<void> => {
    if (!refusals.add({ key, node, why: 'differs' })) return;
    // on the disk first: a run that is killed from here on takes the results back when it is given again
    await audit.setNodeAside({ key, node, task });
    await tellRefused();
    const taken = await work.retract(key, `node ${node} was set aside after task ${task}`);
    note(
      `node ${oneLine(node)} is set aside: its result of task ${task} is not what this machine computes; ${counted(taken.length, 'recorded result')} of its key will be computed again`,
    );
    onLeft(taken);
  };
  const audits = createAudits(dispatching, { nodes, audit, refusals, pool, setAside, onServer: onServer(dispatching) });

  return {
    async take(arrival) {
      if (arrival.type === 'audited') return audits.judge(arrival);
      const admitted = await admission.admit(arrival);
      if (admitted !== 'admitted') return admitted && { type: 'failure', failure: admitted };
      return audits.screen(arrival);
    },
    async accuse(computed, wrong, seq) {
      const { signed } = wrong.provenance;
      if (!mustBeSigned || signed === undefined || !isSignatureOf(wrong, signed)) return false;
      await audits.compare(computed, [wrong], { type: 'outcome', outcome: wrong, seq });
      return true;
    },
    isIdle: audits.isIdle,
    close: admission.close,
  };
}
