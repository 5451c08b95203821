import { jetstream } from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';
import { headers } from '@nats-io/transport-node';
import { expect, it } from 'vitest';
import { ensureStreams } from '../../orchestrator/cluster/streams.ts';
import { BUCKETS, type Cluster, STREAMS, SUBJECTS } from '../../shared/protocol/mod.ts';
import { startNats } from '../support/mod.ts';
import { connectTo, PASSWORDS, startDeployed } from './deployed.ts';
import { DANGEROUS, publishable, subjectUnder } from './worker-subjects.ts';

const DAY = 24 * 3600 * 1e9;
const ALL_STREAMS = [...Object.values(STREAMS), ...Object.values(BUCKETS).map((name) => `KV_${name}`)];

/** The messages of all streams by subject. */
async function stored({ jsm }: Cluster, sweep: string): Promise<string[]> {
  const subjects = await Promise.all(
    ALL_STREAMS.map(async (name) => {
      const { state } = await jsm.streams.info(name, { subjects_filter: '>' });
      return Object.entries(state.subjects ?? {}).map(([subject, count]) => `${subject} ${count}`);
    }),
  );
  return subjects
    .flat()
    .filter((line) => line.includes(`.${sweep}.`))
    .sort();
}

it('no header on any subject that a worker may publish to removes what another sweep has', async () => {
  const server = await startDeployed();
  const password = {
    orchestrator: PASSWORDS.EDGESWEEP_ORCHESTRATOR_PASSWORD,
    worker: PASSWORDS.EDGESWEEP_WORKER_PASSWORD,
  };
  const as = (role: 'orchestrator' | 'worker') =>
    connectTo({ servers: [server.url], user: role, password: password[role] }, role);
  const [orchestrator, worker] = [await as('orchestrator'), await as('worker')];
  await ensureStreams(orchestrator, 1);
  const patterns = publishable();
  expect(patterns.length).toBeGreaterThan(4);
  const send = (sweep: string, task: string, name?: string, value = '') => {
    for (const pattern of patterns) {
      const header = headers();
      if (name !== undefined) header.set(name, value);
      worker.nc.publish(subjectUnder(pattern, sweep, task), 'x', { headers: header });
    }
  };
  send('victim', 'one');
  send('victim', 'two');
  await worker.nc.flush();
  await expect.poll(() => stored(orchestrator, 'victim')).toHaveLength(2 * patterns.length);
  const before = await stored(orchestrator, 'victim');
  for (const [name, value] of DANGEROUS) send('attacker', `${name}-${value}`, name, value);
  // what it stores last comes after all attacks
  send('attacker', 'last');
  await worker.nc.flush();
  await expect
    .poll(async () => (await stored(orchestrator, 'attacker')).filter((line) => line.includes('.last')))
    .toHaveLength(patterns.length);
  expect(await stored(orchestrator, 'victim')).toEqual(before);
});

it('streams and buckets of earlier versions get limits, allow no rollups, and keep what they have', async () => {
  const cluster = await connectTo(await startNats());
  const { jsm } = cluster;
  const old = await new Kvm(cluster.nc).create(BUCKETS.attempts, { history: 1, allow_direct: true });
  await old.put('sweep.task', 'kept');
  const subjects = [SUBJECTS.failed('*', '*')];
  await jsm.streams.add({
    name: STREAMS.failed,
    subjects,
    max_msgs_per_subject: 1,
    max_age: 30 * DAY,
    allow_direct: true,
  });
  await jetstream(cluster.nc).publish(SUBJECTS.failed('sweep', 'task'), 'kept');
  expect((await jsm.streams.info(`KV_${BUCKETS.attempts}`)).config.allow_rollup_hdrs).toBe(true);
  const { attempts } = await ensureStreams(cluster, 1, {});
  for (const name of ALL_STREAMS) {
    const { config } = await jsm.streams.info(name);
    expect(config.allow_rollup_hdrs ?? false, name).toBe(false);
    expect(config.max_bytes, name).toBeGreaterThanOrEqual(4 * 2 ** 20);
    expect(config.discard, name).toBe('new');
  }
  expect((await jsm.streams.info(`KV_${BUCKETS.attempts}`)).config.max_age).toBe(30 * DAY);
  expect((await attempts.get('sweep.task'))?.string()).toBe('kept');
  expect((await jsm.streams.info(STREAMS.failed)).state.messages).toBe(1);
});
