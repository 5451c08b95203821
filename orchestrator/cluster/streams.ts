import { JetStreamApiCodes, JetStreamApiError, type StreamConfig, type StreamInfo } from '@nats-io/jetstream';
import { type KV, Kvm } from '@nats-io/kv';
import { EdgesweepError } from '../../shared/mod.ts';
import { BUCKETS, type Cluster } from '../../shared/protocol/mod.ts';
import { serverError } from './server-error.ts';
import { limitsFor, type Space } from './space.ts';
import { CHANGEABLE, CONFIGS, type Config } from './stream-configs.ts';

export type Buckets = { sweeps: KV; attempts: KV };

/**
 * Makes the streams and buckets that are missing, and checks those that are there: a server ignores what it does not know, and others
 * may have made a stream of the same name. What an earlier version made is changed.
 * @param replicas number of replicas of each stream, on a cluster of servers
 * @param space that a sweep needs: where it does not fit, the limit of the stream is raised; absent: limits stay
 * @throws EdgesweepError NATS_STREAM_DIFFERS, NATS_STORAGE_FULL, NATS_AUTHORIZATION
 */
export async function ensureStreams(cluster: Cluster, replicas: number, space?: Space): Promise<Buckets> {
  for (const config of CONFIGS) await ensureStream(cluster, config, replicas, space);
  const kvm = new Kvm(cluster.nc);
  const open = (name: string): Promise<KV> => kvm.open(name, { allow_direct: true });
  return { sweeps: await open(BUCKETS.sweeps), attempts: await open(BUCKETS.attempts) };
}

async function ensureStream({ jsm }: Cluster, config: Config, replicas: number, space?: Space): Promise<void> {
  const { name } = config;
  const need = space?.[name] ?? 0;
  const read = () => jsm.streams.info(name).catch(absent);
  const make = (limit: Limit) => jsm.streams.add({ ...config, ...limit, num_replicas: replicas });
  const found =
    (await read()) ??
    // another orchestrator may have just made it, with another limit
    (await roomiest(limitsFor(name, 0, need), make).catch(async (error) => (await read()) ?? refuse(name, error)));
  const { state, config: actual } = found;
  const changes = differing(config, actual);
  const fixed = changes.filter(([key]) => !CHANGEABLE.includes(key));
  if (fixed.length > 0) throw differs(name, fixed, actual);
  const isTooSmall = space !== undefined && (actual.max_bytes <= 0 || actual.max_bytes < state.bytes + need);
  if (changes.length === 0 && !isTooSmall) return;
  const limits = isTooSmall ? limitsFor(name, state.bytes, need).filter((limit) => limit > actual.max_bytes) : [];
  const change = (limit: Limit) => jsm.streams.update(name, { ...Object.fromEntries(changes), ...limit });
  const changed = await roomiest(limits, change).catch((error) => refuse(name, error));
  const ignored = differing(config, changed.config);
  if (ignored.length > 0) throw differs(name, ignored, changed.config);
}

type Limit = { max_bytes?: number };

/** The first of these limits that the server has space for, and else no limit: a server with so little has itself as one. */
async function roomiest(limits: readonly number[], act: (limit: Limit) => Promise<StreamInfo>): Promise<StreamInfo> {
  for (const max_bytes of limits) {
    try {
      return await act({ max_bytes });
    } catch (error) {
      if (!isLackOfSpace(error)) throw error;
    }
  }
  return act({});
}

/** @throws EdgesweepError NATS_AUTHORIZATION, NATS_UNREACHABLE */
export async function hasStream({ jsm }: Cluster, name: string): Promise<boolean> {
  return (await jsm.streams.info(name).catch(absent)) !== undefined;
}

function absent(error: unknown): undefined {
  if (error instanceof JetStreamApiError && error.code === JetStreamApiCodes.StreamNotFound) return undefined;
  throw serverError(error);
}

const isLackOfSpace = (error: unknown): boolean =>
  error instanceof JetStreamApiError && /insufficient|resources|storage|maximum/i.test(error.message);

function refuse(name: string, error: unknown): never {
  const known = serverError(error);
  if (!(error instanceof JetStreamApiError) || (known instanceof EdgesweepError && known.code === 'NATS_UNREACHABLE'))
    throw known;
  const full = isLackOfSpace(error);
  throw new EdgesweepError(
    full ? 'NATS_STORAGE_FULL' : 'NATS_STREAM_DIFFERS',
    `the nats-server refuses to create or change ${name}`,
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
}

type Settings = [key: string, wanted: unknown][];

/** What the stream has otherwise than wanted. */
const differing = (wanted: Config, actual: StreamConfig): Settings =>
  Object.entries(wanted).filter(
    ([key, value]) => JSON.stringify(value) !== JSON.stringify(actual[key as keyof StreamConfig] ?? false),
  );

function differs(name: string, settings: Settings, actual: StreamConfig): EdgesweepError {
  return new EdgesweepError('NATS_STREAM_DIFFERS', `stream ${name} does not have the settings that edgesweep needs`, {
    where: `stream ${name}`,
    expected: settings.map(([key, value]) => `${key}: ${JSON.stringify(value)}`).join(', '),
    got: settings.map(([key]) => `${key}: ${JSON.stringify(actual[key as keyof StreamConfig])}`).join(', '),
    fix: 'remove that stream if it is not needed, or use a separate account for edgesweep',
  });
}
