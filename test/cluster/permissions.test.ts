import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nkeys } from '@nats-io/transport-node';
import { beforeEach, describe, expect, it } from 'vitest';
import { ensureStreams } from '../../orchestrator/cluster/streams.ts';
import { examineServer } from '../../orchestrator/doctor/server.ts';
import { BUCKETS, STREAMS, SUBJECTS } from '../../shared/protocol/mod.ts';
import { inProcess, makeFolder, type NatsServer, outcomesText, start } from '../support/mod.ts';
import {
  asOrchestrator,
  asWorker,
  connectTo,
  describeSweep,
  makeSweep,
  PASSWORDS,
  replaceOnce,
  runOn,
  startDeployed,
  startWorker,
} from './deployed.ts';
import { refused, subscribe } from './refusals.ts';
import { expectTrajectories, localTrajectories, makeTrajectories } from './trajectories.ts';

const user = (name: 'orchestrator' | 'worker', server: NatsServer) => ({
  servers: [server.url],
  user: name,
  password: name === 'worker' ? PASSWORDS.EDGESWEEP_WORKER_PASSWORD : PASSWORDS.EDGESWEEP_ORCHESTRATOR_PASSWORD,
});

describe('with the configuration of deploy/', () => {
  let server: NatsServer;
  let cwd: string;
  let sweep: string;
  let key: string;
  let task: string;

  beforeEach(async () => {
    server = await startDeployed();
    cwd = makeFolder();
    sweep = makeSweep(cwd);
    const described = describeSweep(sweep);
    ({ key } = described);
    task = described.tasks[0].id;
  });

  it('a worker and an orchestrator compute a sweep, and leave what a local run leaves', async () => {
    const worker = await startWorker(server.url, cwd, [], asWorker);
    const { code, stderr } = await runOn(server.url, sweep, cwd, [], asOrchestrator);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect((await inProcess(['run', sweep, '--quiet', '--out', 'local'], { cwd })).code).toBe(0);
    expect(outcomesText(join(cwd, 'out'))).toBe(outcomesText(join(cwd, 'local')));
    worker.interrupt();
    expect((await worker.ended).code).toBe(0);
    expect(worker.stderr).toContain('6 tasks done, 0 failed');
    expect(worker.stderr).not.toMatch(/ermission/);
    expect(server.process.stderr).not.toMatch(/Violation/);
  });

  it('they compute trajectories, and leave the series that a local run leaves', async () => {
    const trajectories = makeTrajectories(cwd);
    const expected = await localTrajectories(cwd, trajectories);
    await startWorker(server.url, cwd, [], asWorker);
    const run = start(['run', trajectories, '--nats', server.url, '--out', 'out'], { cwd, env: asOrchestrator });
    await expectTrajectories(run, join(cwd, 'out'), expected);
    expect(server.process.stderr).not.toMatch(/Violation/);
  });

  it('a worker can neither send tasks nor read or change a stream', async () => {
    await inProcess(['run', sweep, '--nats', server.url, '--quiet', '--detach', '--out', 'out'], {
      cwd,
      env: asOrchestrator,
    });
    const worker = await connectTo(user('worker', server), 'worker');
    const forbidden = [
      SUBJECTS.task(key, task),
      'es.wake',
      '$KV.edgesweep-sweeps.all',
      ...['TASKS', 'RESULTS', 'FAILED', 'SERIES', 'CHECKPOINTS'].flatMap((name) =>
        [
          'STREAM.INFO',
          'STREAM.CREATE',
          'STREAM.UPDATE',
          'STREAM.PURGE',
          'STREAM.DELETE',
          'STREAM.MSG.GET',
          'STREAM.MSG.DELETE',
          'CONSUMER.CREATE',
          'CONSUMER.LIST',
        ].map((request) => `$JS.API.${request}.EDGESWEEP_${name}`),
      ),
      `$JS.API.CONSUMER.DELETE.EDGESWEEP_TASKS.${key}`,
      `$JS.API.CONSUMER.DURABLE.CREATE.EDGESWEEP_TASKS.${key}`,
      `$JS.API.CONSUMER.CREATE.EDGESWEEP_TASKS.${key}.es.task.>`,
      `$JS.API.DIRECT.GET.EDGESWEEP_TASKS.${SUBJECTS.task(key, task)}`,
      '$JS.API.STREAM.PURGE.KV_edgesweep-sweeps',
      '$O.edgesweep-data.C.chunk',
      '$O.edgesweep-data.M.name',
      ...['STREAM.PURGE', 'STREAM.DELETE', 'STREAM.MSG.GET', 'STREAM.MSG.DELETE', 'CONSUMER.CREATE'].map(
        (request) => `$JS.API.${request}.OBJ_edgesweep-data`,
      ),
      '$JS.API.STREAM.LIST',
    ];
    expect(await refused(worker, forbidden)).toEqual(forbidden);
    const orchestrator = await connectTo(user('orchestrator', server));
    expect((await orchestrator.jsm.streams.info('EDGESWEEP_TASKS')).state.messages).toBe(6);
  });

  it('a worker cannot have the server send a task in its stead', async () => {
    await inProcess(['run', sweep, '--nats', server.url, '--quiet', '--detach', '--out', 'out'], {
      cwd,
      env: asOrchestrator,
    });
    const worker = await connectTo(user('worker', server), 'worker');
    const orchestrator = await connectTo(user('orchestrator', server));
    // what is answered goes to the subject that the request names: the tasks' own
    worker.nc.publish(`es.result.${key}.stored`, 'stored', { reply: SUBJECTS.task(key, 'one') });
    await worker.nc.flush();
    worker.nc.publish(`$JS.API.DIRECT.GET.EDGESWEEP_RESULTS.es.result.${key}.stored`, '', {
      reply: SUBJECTS.task(key, 'two'),
    });
    worker.nc.publish(`$JS.API.CONSUMER.MSG.NEXT.EDGESWEEP_TASKS.${key}`, '1', { reply: SUBJECTS.task(key, 'three') });
    worker.nc.publish('$JS.API.INFO', '', { reply: SUBJECTS.task(key, 'four') });
    await worker.nc.flush();
    // all of it has reached the streams by now: it went before this
    await expect.poll(async () => (await orchestrator.jsm.streams.info('EDGESWEEP_RESULTS')).state.messages).toBe(1);
    await orchestrator.jsm.getAccountInfo();
    expect((await orchestrator.jsm.streams.info('EDGESWEEP_TASKS')).state.messages).toBe(6);
  });

  it('a worker cannot listen to an orchestrator, nor to what others publish', async () => {
    const { nc } = await connectTo(user('worker', server), 'worker');
    for (const subject of [
      '_INBOX_orchestrator.>',
      '_INBOX_orchestrator.orchestrator.>',
      'es.task.>',
      'es.result.>',
      '$JS.>',
      '>',
    ]) {
      expect(await subscribe(nc, subject), subject).toMatch(/ermission/);
    }
    expect(await subscribe(nc, 'es.heartbeat.*')).toBeUndefined();
  });

  it('an orchestrator cannot delete streams or change those of others, nor take tasks and send results', async () => {
    const orchestrator = await connectTo(user('orchestrator', server));
    const forbidden = [
      '$JS.API.STREAM.DELETE.EDGESWEEP_RESULTS',
      '$JS.API.STREAM.UPDATE.OBJ_edgesweep-data',
      '$JS.API.STREAM.UPDATE.ANOTHER',
      `es.result.${key}.${task}`,
      `es.failed.${key}.${task}`,
      `$JS.API.CONSUMER.MSG.NEXT.EDGESWEEP_TASKS.${key}`,
      '$SYS.REQ.SERVER.PING',
    ];
    expect(await refused(orchestrator, forbidden)).toEqual(forbidden);
  });

  it('an orchestrator may do all that its commands do', async () => {
    const at = (...words: string[]) => inProcess([...words, '--nats', server.url], { cwd, env: asOrchestrator });
    await at('run', sweep, '--quiet', '--detach', '--out', 'out');
    const { nc } = await connectTo(user('worker', server), 'worker');
    nc.publish(`es.failed.${key}.${task}`, 'made to fail');
    await nc.flush();
    for (const words of [
      ['pause', sweep],
      ['resume', sweep],
      ['why', task],
      ['retry', sweep, '--failed'],
      ['cancel', sweep],
      ['status'],
    ]) {
      expect(await at(...words), words[0]).toMatchObject({ code: 0, stderr: '' });
    }
    expect(server.process.stderr).not.toMatch(/Violation/);
  });

  it('doctor tells the users apart', async () => {
    const asked = async (env: Record<string, string>) => {
      const { code, stdout, stderr } = await inProcess(['doctor', '--nats', server.url, '--json'], { cwd, env });
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      return JSON.parse(stdout).server as { what: string; verdict: string; text: string }[];
    };
    const find = (findings: { what: string; text: string }[], what: string) =>
      findings.find((finding) => finding.what === what)?.text;
    const worker = await asked(asWorker);
    expect(find(worker, 'permissions')).toBe(
      'those of a worker node: may take tasks of every sweep, record results of every sweep, store series of every sweep; may not send tasks, create streams, read every task',
    );
    expect(find(worker, 'clock')).toContain('not compared');
    const orchestrator = await asked(asOrchestrator);
    expect(find(orchestrator, 'permissions')).toMatch(
      /^those of an orchestrator: may send tasks, create streams, read every task; may not/,
    );
    expect(find(orchestrator, 'clock')).toMatch(/^this machine's is 0\.\d\d s/);
    expect(find(orchestrator, 'streams')).toContain('none yet');
    // nothing is left of what it tried
    const cluster = await connectTo(user('orchestrator', server));
    const { jsm } = cluster;
    expect((await jsm.getAccountInfo()).streams).toBe(0);

    await ensureStreams(cluster, 1);
    const examined = () => examineServer(user('orchestrator', server));
    expect(find(await examined(), 'streams')).toBe('7, each with a size limit and without rollups');
    await jsm.streams.update(`KV_${BUCKETS.attempts}`, { allow_rollup_hdrs: true });
    expect((await examined()).find(({ what }) => what === 'streams')).toMatchObject({
      verdict: 'warning',
      text: expect.stringContaining(`KV_${BUCKETS.attempts} allow rollups`),
    });
  });

  it('doctor says what a worker may do and should not, and changes nothing by it', async () => {
    const all = 'publish: { allow: [ "$JS.API.STREAM.PURGE.>", "$KV.edgesweep-sweeps.>", ';
    const loose = await startDeployed((text) => {
      const [orchestrators, workers] = text.split('user: "worker"');
      const shared = orchestrators.replace(
        'exports: [',
        'exports: [ { service: "$JS.API.STREAM.PURGE.>" }, { service: "$KV.edgesweep-sweeps.>" }',
      );
      const imported = shared.replace(
        'WORKER_IMPORTS: [',
        'WORKER_IMPORTS: [ { service: { account: EDGESWEEP, subject: "$JS.API.STREAM.PURGE.>" } }, { service: { account: EDGESWEEP, subject: "$KV.edgesweep-sweeps.>" } }',
      );
      return `${imported}user: "worker"${workers.replace('publish: { allow: [', all)}`;
    });
    const cluster = await connectTo(user('orchestrator', loose));
    await ensureStreams(cluster, 1);
    const worker = await connectTo(user('worker', loose), 'worker');
    worker.nc.publish('es.result.sweep.task', 'kept');
    await worker.nc.flush();
    expect((await examineServer(user('worker', loose))).find(({ verdict }) => verdict === 'problem')).toMatchObject({
      what: 'permissions',
      text: expect.stringContaining(
        'no worker should be able to change the list of sweeps, remove results, but this user is',
      ),
    });
    const counts = [STREAMS.results, `KV_${BUCKETS.sweeps}`].map(
      async (name) => (await cluster.jsm.streams.info(name)).state.messages,
    );
    expect(await Promise.all(counts)).toEqual([1, 0]);
  });

  it('a task is refused to a user who may only work', async () => {
    const { code, stderr } = await runOn(server.url, sweep, cwd, [], asWorker);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^error \[NATS_AUTHORIZATION\]/);
    expect(stderr).not.toContain('    at ');
  });
});

it('a worker with an NKey computes a sweep', async () => {
  const seed = nkeys.createUser();
  const server = await startDeployed((text) =>
    replaceOnce(text, 'user: "worker", password: $EDGESWEEP_WORKER_PASSWORD', `nkey: ${seed.getPublicKey()}`),
  );
  const cwd = makeFolder();
  const file = join(cwd, 'worker.nk');
  writeFileSync(file, `${new TextDecoder().decode(seed.getSeed())}\n`);
  await startWorker(server.url, cwd, ['--nats-nkey', file]);
  expect(await runOn(server.url, makeSweep(cwd), cwd, [], asOrchestrator)).toMatchObject({ code: 0, stderr: '' });
});
