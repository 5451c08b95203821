import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { jetstream } from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Counts, listSweeps, readCounts, readRate } from '../../orchestrator/cluster/mod.ts';
import {
  attemptsKey,
  BUCKETS,
  type Cluster,
  encode,
  type Heartbeat,
  PROTOCOL_VERSION,
  STREAMS,
  SUBJECTS,
  type SweepEntry,
} from '../../shared/protocol/mod.ts';
import { inProcess, makeFolder, type NatsServer, start, startNats, waitFor } from '../support/mod.ts';
import { connectTo, describeSweep, makeSweep, runOn, startWorker } from './deployed.ts';

let server: NatsServer;
let cwd: string;
let sweep: string;
let key: string;

const cli = (...words: string[]) => inProcess([...words, '--nats', server.url], { cwd });
const detach = (path = sweep) => cli('run', path, '--quiet', '--detach', '--out', `out-${path.length}`);

/** What `status` tells of the sweeps, without starting it each time. */
async function sweepsOnServer(): Promise<Record<string, Counts & { state: string }>> {
  const cluster = await connectTo(server);
  const entries = await listSweeps(cluster);
  const read = async (entry: SweepEntry) =>
    [entry.key, { state: entry.state, ...(await readCounts(cluster, entry)) }] as const;
  return Object.fromEntries(await Promise.all(entries.map(read)));
}

beforeEach(async () => {
  server = await startNats();
  cwd = makeFolder();
  sweep = makeSweep(cwd);
  key = describeSweep(sweep).key;
});

/** As a node sets a task aside after two tries. */
async function setAside(cluster: Cluster, index: number, code = 'TASK_FAILED'): Promise<string> {
  const task = describeSweep(sweep).tasks[index];
  const error = { code, message: 'made to fail' };
  const attempts = [1, 2].map((n) => ({ node: `node-${n}`, error, time: `2026-01-0${n}T00:00:00.000Z` }));
  await (await new Kvm(cluster.nc).open(BUCKETS.attempts)).put(attemptsKey(key, task.id), encode(attempts));
  await jetstream(cluster.nc).publish(SUBJECTS.failed(key, task.id), encode({ task, error, attempts }));
  return task.id;
}

describe('pause, resume and cancel', () => {
  it('a paused sweep waits, goes on, and is computed; in the meantime all of it is pending', async () => {
    await detach();
    expect(await cli('pause', sweep)).toMatchObject({ code: 0, stdout: expect.stringContaining(`${key}: paused`) });
    const worker = await startWorker(server.url, cwd);
    expect(await cli('pause', 'probe')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('is already paused'),
    });
    const told = await cli('status', 'probe', '--json');
    expect({ code: told.code, sweeps: JSON.parse(told.stdout).sweeps }).toEqual({
      code: 0,
      sweeps: [
        {
          key,
          name: 'probe',
          state: 'paused',
          ...{ done: 0, running: 0, pending: 6, failed: 0, total: 6, rate: null, secondsLeft: null, refused: [] },
        },
      ],
    });
    const dry = await cli('run', sweep, '--dry-run', '--out', 'nowhere');
    expect(dry).toMatchObject({ code: 0, stderr: '' });
    expect(dry.stdout).toMatch(
      /multiply-adds, on 1 worker node with 1 thread\nexpected time: unknown: the nodes have not /,
    );
    expect(await cli('resume', key)).toMatchObject({ code: 0, stdout: expect.stringContaining('continues') });
    const { jsm } = await connectTo(server);
    await expect
      .poll(async () => (await jsm.streams.info(STREAMS.results)).state.messages, { timeout: 30_000 })
      .toBe(6);
    // its command has left long before, so the server's list still has it as running
    expect((await sweepsOnServer())[key]).toMatchObject({ state: 'running', done: 6, pending: 0 });
    const done = await cli('status');
    expect(done).toMatchObject({ code: 0, stderr: '' });
    expect(done.stdout).toMatch(new RegExp(`^${key} +done +6 +0 +0 +0 +6$`, 'm'));
    const narrow = await inProcess(['status', '--nats', server.url], { cwd, columns: 50 });
    expect(narrow.stdout).toContain(`${'─'.repeat(50)}\nsweep       ${key}\nstate       done\ndone        6\n`);
    expect(worker.stderr).not.toContain('failed');
  });

  it('cancel takes the tasks and the consumer off the server, ends an attached run, and `run` goes on from there', async () => {
    const attached = start(['run', sweep, '--nats', server.url, '--out', 'out'], { cwd });
    const { jsm } = await connectTo(server);
    await expect
      .poll(
        () =>
          jsm.consumers.info(STREAMS.tasks, key).then(
            () => true,
            () => false,
          ),
        { timeout: 30_000 },
      )
      .toBe(true);
    await expect.poll(async () => (await jsm.streams.info(STREAMS.tasks)).state.messages, { timeout: 30_000 }).toBe(6);
    expect(await cli('cancel', sweep)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('cancelled: its tasks are removed from the server'),
    });
    expect((await jsm.streams.info(STREAMS.tasks)).state).toMatchObject({ messages: 0, consumer_count: 0 });
    const { code, stderr } = await attached.ended;
    expect(code).toBe(1);
    expect(stderr).toContain('error [SWEEP_CANCELLED]');
    expect(await cli('pause', sweep)).toMatchObject({ code: 0, stdout: expect.stringContaining('nothing to pause') });
    await startWorker(server.url, cwd);
    expect(await runOn(server.url, sweep, cwd)).toMatchObject({ code: 0, stderr: '' });
  });

  it('an unknown sweep is an error that lists those there are; overrides are part of which one is meant', async () => {
    const nothing = await cli('pause', sweep);
    expect(nothing).toMatchObject({ code: 2, stdout: '' });
    expect(nothing.stderr).toContain('it has none');
    await detach();
    for (const words of [['elsewhere'], [sweep, '--runs', '7']]) {
      const { code, stderr } = await cli('cancel', ...words);
      expect(code).toBe(2);
      expect(stderr).toMatch(/^error \[USAGE\]: the server knows no such sweep/);
      expect(stderr).toContain(key);
    }
    // two of one name
    await cli('run', sweep, '--runs', '7', '--quiet', '--detach', '--out', 'other');
    const { code, stderr } = await cli('pause', 'probe');
    expect(code).toBe(2);
    expect(stderr).toContain('2 sweeps on the server are named probe');
    expect((await cli('pause', sweep)).code).toBe(0);
    expect(
      Object.values(await sweepsOnServer())
        .map(({ state }) => state)
        .sort(),
    ).toEqual(['paused', 'running']);
  });
});

it('tasks that were set aside count as failed, why tells of them, retry has them tried again', async () => {
  await detach();
  const cluster = await connectTo(server);
  const id = await setAside(cluster, 0);
  const differing = await setAside(cluster, 1, 'OUTCOMES_DIFFER');
  await jetstream(cluster.nc).publish(SUBJECTS.result(key, differing), 'of two results the first');
  expect((await sweepsOnServer())[key]).toMatchObject({ done: 1, failed: 2, pending: 3 });

  const { code, stdout, stderr } = await cli('why', id.slice(0, 8));
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain(`task ${id}\n  maximal-step-size: activation linear, depth 2, width 4`);
  expect(stdout).toContain(`on the server, sweep ${key}: queued`);
  expect(stdout).toContain('failed 2 times:\n      2026-01-01T00:00:00.000Z on node-1: made to fail [TASK_FAILED]');
  expect(stdout).toContain('set aside: made to fail [TASK_FAILED]');

  expect(await cli('retry', sweep)).toMatchObject({ code: 2, stderr: expect.stringContaining('--failed') });
  const retried = await cli('retry', 'probe', '--failed');
  expect(retried).toMatchObject({ code: 0, stderr: '' });
  expect(retried.stdout).toContain(`${key}: 2 tasks will be retried by the next`);
  expect(retried.stdout).toContain('nodes disagreed on 1 of them');
  expect((await sweepsOnServer())[key]).toMatchObject({ done: 0, failed: 0, pending: 6 });
  expect((await cli('why', id)).stdout).not.toContain('failed');
  expect(await cli('retry', key, '--failed')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('no task is set aside'),
  });
  await startWorker(server.url, cwd);
  expect(await runOn(server.url, sweep, cwd)).toMatchObject({ code: 0, stderr: '' });
});

it('retry finds a sweep that has ended with failures and is off the list', async () => {
  await detach();
  const cluster = await connectTo(server);
  const id = await setAside(cluster, 0);
  // as after the acknowledgement of the node that sets it aside: no other is given it
  await cluster.jsm.streams.purge(STREAMS.tasks, { filter: SUBJECTS.task(key, id) });
  await startWorker(server.url, cwd);
  const first = await runOn(server.url, sweep, cwd);
  expect(first.code).toBe(1);
  expect(first.stderr).toContain('made to fail');
  expect(await sweepsOnServer()).toEqual({});
  expect(await cli('retry', sweep, '--failed')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('1 task will be retried'),
  });
  expect(await runOn(server.url, sweep, cwd)).toMatchObject({ code: 0, stderr: '' });
});

it('why tells of a recorded task, of one that is not, and of none', async () => {
  const [{ id }] = describeSweep(sweep).tasks;
  const local = (...words: string[]) => inProcess(words, { cwd });
  expect((await local('run', sweep, '--runs', '1', '--quiet')).code).toBe(0);
  const recorded = await local('why', id.slice(0, 6));
  expect(recorded).toMatchObject({ code: 0, stderr: '' });
  expect(recorded.stdout).toMatch(
    /^ {2}in \S+\/results\/probe: recorded\n {4}step size [\d.]+ \(rung \d+\): (infinity|nan) at iteration \d+\n {4}on .*at the first attempt$/m,
  );
  for (const [word, problem] of [
    ['zzzzzz', 'this is not a task id'],
    [id.slice(0, 5), 'this is not a task id'],
    ['0123456789abcdef0123456789abcdef', 'no such task'],
  ]) {
    const { code, stderr } = await local('why', word);
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining(`error [USAGE]: ${problem}`) });
  }
  expect(await cli('why', id, '--in', 'results/probe')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('on the server: nothing of it'),
  });
});

it('status shows nodes, one with a wrong clock and one of another arithmetic among them, and draws again with --watch', async () => {
  const ours = await startWorker(server.url, cwd, ['--name', 'ours']);
  const { nc } = await connectTo(server, 'worker');
  const beat: Heartbeat = {
    node: 'late',
    host: 'far',
    pid: 1,
    version: '9.9.9',
    numerics: 'float16-1',
    runtime: 'v20',
    threads: 8,
    busy: 3,
    done: 40,
    failed: 2,
    load: 7.5,
    protocols: [PROTOCOL_VERSION],
    state: 'draining',
    time: '',
  };
  const timer = setInterval(
    () =>
      nc.publish(SUBJECTS.heartbeat('late'), encode({ ...beat, time: new Date(Date.now() - 3_600_000).toISOString() })),
    500,
  );
  try {
    const watching = start(['status', '--nats', server.url, '--watch'], { cwd });
    await waitFor('it is drawn twice', () => watching.stdout.split('no sweeps on the server').length > 2);
    watching.child.kill('SIGINT');
    expect(await watching.ended).toMatchObject({ code: 0, stderr: '' });
    expect(watching.stdout).toMatch(/^late +far +draining +3\/8 +40 +2 +7\.5 +9\.9\.9 +3600 s behind$/m);
    expect(watching.stdout).toMatch(/^ours +\S+ +ready +0\/1 +0 +0 +[\d.]+ +0\.1\.0 +right$/m);
    expect(watching.stdout).not.toContain('\u001b');
    // an attached run tells of both; without a node that computes, so that it does not end before it has heard the other
    ours.interrupt();
    await ours.ended;
    await cli('run', sweep, '--quiet', '--detach', '--out', 'out');
    await cli('pause', sweep);
    const attached = start(['run', sweep, '--nats', server.url, '--out', 'out'], { cwd });
    await waitFor('it tells of the clock', () => /clock of node late is 3600 s behind/.test(attached.stderr));
    await waitFor('it tells of the arithmetic', () =>
      attached.stderr.includes('node late (version 9.9.9) has arithmetic float16-1'),
    );
    await waitFor('it tells that it waits', () =>
      attached.stderr.includes('paused; `edgesweep resume probe` continues'),
    );
  } finally {
    clearInterval(timer);
  }
});

it('status shows tasks per second and the time left of a sweep that nodes compute, and so does --dry-run', async () => {
  const cluster = await connectTo(server);
  const { tasks } = describeSweep(sweep);
  await detach();
  // as a node that has done four tasks and has a fifth: nothing else is known of how fast it is
  const js = jetstream(cluster.nc);
  const consumer = await js.consumers.get(STREAMS.tasks, key);
  expect(await consumer.next()).not.toBeNull();
  expect(await readRate(cluster, key)).toBeUndefined();
  const started = performance.now();
  for (const task of tasks.slice(0, 4)) await js.publish(SUBJECTS.result(key, task.id), 'a result');
  const most = 3 / ((performance.now() - started) / 1000);
  const status = JSON.parse((await cli('status', '--json')).stdout);
  const [{ rate, secondsLeft }] = status.sweeps;
  expect(status.sweeps).toMatchObject([{ key, state: 'running', done: 4, running: 1, pending: 1 }]);
  expect(rate).toBeGreaterThan(most / 2);
  // the two that are left are linear: less work than those of tanh that were done
  expect(secondsLeft).toBeGreaterThan(0);
  expect(secondsLeft).toBeLessThan(2 / rate);
  expect((await cli('status')).stdout).toMatch(/^\S+ +running +4 +1 +1 +0 +6 +\d+ +about 0\.\d+ s$/m);
  const dry = await cli('run', sweep, '--dry-run', '--out', 'nowhere');
  expect(dry.stdout).toMatch(/^expected time: about [\d.]+ s, at the \S+ tasks a second of the last minutes$/m);
});

it('a node takes no tasks of a sweep of another arithmetic, and says so', async () => {
  await detach();
  const cluster = await connectTo(server);
  const bucket = await new Kvm(cluster.nc).open(BUCKETS.sweeps);
  const entry = (await bucket.get('all'))?.json<object[]>()[0];
  await bucket.put('all', encode([{ ...entry, numerics: 'float16-1' }]));
  const worker = await startWorker(server.url, cwd);
  await waitFor('the node says so', () =>
    worker.stderr.includes('sweep probe needs arithmetic float16-1, but this node has float32-1'),
  );
  expect((await cluster.jsm.streams.info(STREAMS.results)).state.messages).toBe(0);
});

it('the manifest has no password', async () => {
  // a server without users ignores the password; an address that has one is refused: test/cli/secrets.test.ts
  const words = [
    '--nats',
    server.url,
    '--nats-user',
    'somebody',
    '--nats-password',
    'pw-in-flag',
    '--quiet',
    '--detach',
    '--out',
    'out',
  ];
  expect((await inProcess(['run', sweep, ...words], { cwd })).code).toBe(0);
  expect(readFileSync(join(cwd, 'out', 'manifest.json'), 'utf8')).not.toMatch(/pw-in/);
});
