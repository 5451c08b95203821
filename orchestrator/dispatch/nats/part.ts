import type { Outcome } from '../../../shared/mod.ts';
import type { Cluster } from '../../../shared/protocol/mod.ts';
import type { ComputedOutcome } from '../../../worker/mod.ts';
import type { Work } from '../../work.ts';
import type { Advance, TaskEnd } from '../dispatcher.ts';
import type { Channel } from './channel.ts';

/** What this machine computed of a task whose results are audited, the answers of nodes to it, and the last of them with its place. */
export type Audited = {
  type: 'audited';
  computed: ComputedOutcome;
  answers: readonly Outcome[];
  last: { type: 'outcome'; outcome: Outcome; seq: number };
};

/**
 * What came from the server. A result has its sequence number, and not yet the file that belongs to it; one that was decided here (see
 * `Disputes`) has it.
 */
export type Arrival =
  | { type: 'outcome'; outcome: Outcome; seq: number }
  | ({ type: 'decided' } & ComputedOutcome)
  | Audited
  | Extract<TaskEnd, { type: 'failure' }>
  | Advance;

/** What the parts of one dispatch share. */
export type Dispatching = {
  cluster: Cluster;
  /** of the sweep */
  key: string;
  work: Work;
  channel: Channel<Arrival>;
  /** aborted when the dispatch ends */
  signal: AbortSignal;
  note(text: string): void;
  /** see `Reconciler` */
  sawProgress(): void;
};
