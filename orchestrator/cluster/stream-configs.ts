import { DiscardPolicy, RetentionPolicy, StorageType, type StreamConfig } from '@nats-io/jetstream';
import { BUCKETS, STREAMS } from '../../shared/protocol/mod.ts';

const DAY_NS = 24 * 3600 * 1e9;

/** How long results and failures wait to be collected. */
const KEPT_DAYS = 30;
/** A day more than results: a file is older than the result that tells of it, and no result should outlast its file. */
const SERIES_KEPT_DAYS = KEPT_DAYS + 1;
/** Of a task that nobody has gone on with for so long. */
const CHECKPOINTS_KEPT_DAYS = 7;

/**
 * One message a subject, and the first stays: publishing a task twice, or a second result, changes nothing. Limits retention, since a
 * work queue leaves ghosts after the server is killed; the tasks that are done are purged by the orchestrator.
 */
const FIRST_STAYS = {
  retention: RetentionPolicy.Limits,
  storage: StorageType.File,
  max_msgs_per_subject: 1,
  // what does not fit is refused: nothing is dropped for it
  discard: DiscardPolicy.New,
  discard_new_per_subject: true,
  allow_direct: true,
  allow_rollup_hdrs: false,
} as const;

/** One message a subject, and the last stays. */
const LAST_STAYS = { ...FIRST_STAYS, discard_new_per_subject: false } as const;

export type Config = Partial<StreamConfig> & { name: string; subjects: string[] };

export const CONFIGS: Config[] = [
  { ...FIRST_STAYS, name: STREAMS.tasks, subjects: ['es.task.*.*.*'] },
  { ...FIRST_STAYS, name: STREAMS.results, subjects: ['es.result.*.*'], max_age: KEPT_DAYS * DAY_NS },
  { ...FIRST_STAYS, name: STREAMS.series, subjects: ['es.series.*.*.*.*'], max_age: SERIES_KEPT_DAYS * DAY_NS },
  { ...LAST_STAYS, name: STREAMS.failed, subjects: ['es.failed.*.*'], max_age: KEPT_DAYS * DAY_NS },
  {
    ...LAST_STAYS,
    name: STREAMS.checkpoints,
    subjects: ['es.checkpoint.*.*.*.*'],
    max_age: CHECKPOINTS_KEPT_DAYS * DAY_NS,
  },
  // not by the client's `create`, which allows rollups: with one header, whoever may write one key could erase all
  { ...LAST_STAYS, name: `KV_${BUCKETS.sweeps}`, subjects: [`$KV.${BUCKETS.sweeps}.>`] },
  {
    ...LAST_STAYS,
    name: `KV_${BUCKETS.attempts}`,
    subjects: [`$KV.${BUCKETS.attempts}.>`],
    max_age: KEPT_DAYS * DAY_NS,
  },
];

/** What is changed in a stream that an earlier version made; other settings cannot be, or are somebody else's. */
export const CHANGEABLE: readonly string[] = ['discard', 'max_age', 'allow_rollup_hdrs'];
