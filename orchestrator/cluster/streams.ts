import {
  DiscardPolicy,
  JetStreamApiCodes,
  JetStreamApiError,
  type JetStreamManager,
  RetentionPolicy,
  StorageType,
  type StreamConfig,
} from '@nats-io/jetstream';
import { type KV, Kvm } from '@nats-io/kv';
import { EdgesweepError } from '../../shared/mod.ts';
import { BUCKETS, type Cluster, STREAMS } from '../../shared/protocol/mod.ts';
import { serverError } from './server-error.ts';

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
  discard: DiscardPolicy.New,
  discard_new_per_subject: true,
  allow_direct: true,
} as const;

/** One message a subject, and the last stays. */
const LAST_STAYS = { ...FIRST_STAYS, discard: DiscardPolicy.Old, discard_new_per_subject: false } as const;

const CONFIGS: (Partial<StreamConfig> & { name: string; subjects: string[] })[] = [
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
];

/** The last value of a key stays. */
const BUCKET = {
  retention: RetentionPolicy.Limits,
  storage: StorageType.File,
  max_msgs_per_subject: 1,
  allow_direct: true,
  allow_rollup_hdrs: false,
} as const;

export type Buckets = { sweeps: KV; attempts: KV };

/**
 * Makes the streams and buckets that are missing, and checks those that are there: a server ignores what it does not know, and others
 * may have made a stream of the same name.
 * @param replicas number of replicas of each stream, on a cluster of servers
 * @throws EdgesweepError NATS_STREAM_DIFFERS, NATS_STORAGE_FULL, NATS_AUTHORIZATION
 */
export async function ensureStreams({ nc, jsm }: Cluster, replicas: number): Promise<Buckets> {
  for (const config of CONFIGS) {
    const found = await jsm.streams.info(config.name).catch(absent);
    const { config: actual } =
      found ?? (await jsm.streams.add({ ...config, num_replicas: replicas }).catch(refuse(config.name)));
    requireSettings(config, actual);
  }
  await ensureBucket(jsm, BUCKETS.sweeps, replicas);
  await ensureBucket(jsm, BUCKETS.attempts, replicas);
  const kvm = new Kvm(nc);
  const open = (name: string): Promise<KV> => kvm.open(name, { allow_direct: true });
  return { sweeps: await open(BUCKETS.sweeps), attempts: await open(BUCKETS.attempts) };
}

/**
 * Makes the stream of a bucket. The client's own `create` allows rollups: with one header, whoever may write one key could erase all.
 * A bucket that an earlier version made is changed, where this user may do that.
 */
async function ensureBucket(jsm: JetStreamManager, bucket: string, replicas: number): Promise<void> {
  const config = { ...BUCKET, name: `KV_${bucket}`, subjects: [`$KV.${bucket}.>`] };
  const found = await jsm.streams.info(config.name).catch(absent);
  let actual =
    found?.config ??
    (await jsm.streams.add({ ...config, num_replicas: replicas }).catch(refuse(`KV ${bucket}`))).config;
  if (actual.allow_rollup_hdrs)
    actual = (await jsm.streams.update(config.name, { allow_rollup_hdrs: false }).catch(refuse(`KV ${bucket}`))).config;
  requireSettings(config, actual);
}

/** @throws EdgesweepError NATS_AUTHORIZATION, NATS_UNREACHABLE */
export async function hasStream({ jsm }: Cluster, name: string): Promise<boolean> {
  return (await jsm.streams.info(name).catch(absent)) !== undefined;
}

function absent(error: unknown): undefined {
  if (error instanceof JetStreamApiError && error.code === JetStreamApiCodes.StreamNotFound) return undefined;
  throw serverError(error);
}

function refuse(name: string): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof JetStreamApiError)) throw serverError(error);
    const full = /insufficient|resources|storage|maximum/i.test(error.message);
    throw new EdgesweepError(
      full ? 'NATS_STORAGE_FULL' : 'NATS_STREAM_DIFFERS',
      `the nats-server refuses to create ${name}`,
      {
        where: name,
        expected: full
          ? 'space for another stream'
          : 'no other stream with its subjects: es.task, es.result, es.failed, es.series, es.checkpoint',
        got: error.message,
        fix: full
          ? 'raise max_file_store in the configuration of the server, or remove streams'
          : 'use a separate account for edgesweep',
        cause: error,
      },
    );
  };
}

function requireSettings(wanted: Partial<StreamConfig> & { name: string }, actual: StreamConfig): void {
  const differing = Object.entries(wanted).filter(
    ([key, value]) => JSON.stringify(value) !== JSON.stringify(actual[key as keyof StreamConfig] ?? false),
  );
  if (differing.length === 0) return;
  throw new EdgesweepError(
    'NATS_STREAM_DIFFERS',
    `stream ${wanted.name} does not have the settings that edgesweep needs`,
    {
      where: `stream ${wanted.name}`,
      expected: differing.map(([key, value]) => `${key}: ${JSON.stringify(value)}`).join(', '),
      got: differing.map(([key]) => `${key}: ${JSON.stringify(actual[key as keyof StreamConfig])}`).join(', '),
      fix: 'remove that stream if it is not needed, or use a separate account for edgesweep',
    },
  );
}
