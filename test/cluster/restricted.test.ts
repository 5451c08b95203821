import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ensureConsumer } from '../../orchestrator/cluster/consumer.ts';
import { ensureStreams } from '../../orchestrator/cluster/streams.ts';
import { BUCKETS, type Cluster, type Role, SUBJECTS } from '../../shared/protocol/mod.ts';
import { inProcess, makeFolder, type NatsServer, start } from '../support/mod.ts';
import {
  asOrchestrator,
  connectTo,
  DEPLOY,
  describeSweep,
  makeSweep,
  PASSWORDS,
  replaceOnce,
  runOn,
  startDeployed,
  startWorker,
} from './deployed.ts';
import { refused, subscribe } from './refusals.ts';
import { keyOf } from './support.ts';
import { expectTrajectories, localTrajectories, makeTrajectories } from './trajectories.ts';

const asAlice = { EDGESWEEP_NATS_USER: 'alice', EDGESWEEP_NATS_PASSWORD: 'pw-alice' };

/** The server of deploy/, with the account of deploy/README.md for a worker that may serve one sweep. */
async function startWithAlice(key: string): Promise<NatsServer> {
  const readme = readFileSync(join(DEPLOY, 'README.md'), 'utf8');
  const block = (start: string) => readme.slice(readme.indexOf(`\`\`\`\n${start}`) + 4).split('```')[0];
  const imported = '{ stream: { account: WORKERS, subject: "es.heartbeat.*" } }';
  return startDeployed(
    (text) =>
      replaceOnce(
        replaceOnce(text, '  WORKERS {\n', `${block('ALICE {').replaceAll('KEY', key)}\n  WORKERS {\n`),
        imported,
        `${imported}\n${block('{ stream: { account: ALICE')}`,
      ),
    { EDGESWEEP_ALICE_PASSWORD: 'pw-alice' },
  );
}

describe('a worker that is restricted as deploy/README.md says', () => {
  it('computes its own sweep and cannot reach another', async () => {
    const cwd = makeFolder();
    const [own, other] = [makeSweep(cwd, 'own.1'), makeSweep(cwd, 'other')];
    const keys = { own: describeSweep(own).key, other: describeSweep(other).key };
    const server = await startWithAlice(keys.own);
    await inProcess(['run', other, '--nats', server.url, '--quiet', '--detach', '--out', 'other'], {
      cwd,
      env: asOrchestrator,
    });
    const worker = await startWorker(server.url, cwd, ['--sweeps', 'own.1'], asAlice);
    expect(await runOn(server.url, own, cwd, [], asOrchestrator)).toMatchObject({ code: 0, stderr: '' });
    worker.interrupt();
    await worker.ended;
    expect(worker.stderr).toContain('6 tasks done, 0 failed');
    expect(server.process.stderr).not.toMatch(/Violation/);

    const connection = await connectTo({ servers: [server.url], user: 'alice', password: 'pw-alice' }, 'worker');
    const forbidden = [
      `$JS.API.CONSUMER.MSG.NEXT.EDGESWEEP_TASKS.${keys.other}`,
      `$JS.API.CONSUMER.INFO.EDGESWEEP_TASKS.${keys.other}`,
      `$JS.ACK.EDGESWEEP_TASKS.${keys.other}.1.1.1.1.1`,
      `$JS.API.DIRECT.GET.EDGESWEEP_RESULTS.es.result.${keys.other}.x`,
      '$JS.API.DIRECT.GET.EDGESWEEP_RESULTS',
      `es.result.${keys.other}.x`,
      `es.failed.${keys.other}.x`,
      SUBJECTS.series(keys.other, 'x', 'y', 0),
      SUBJECTS.checkpoint(keys.other, 'x', 'head', 0),
      `$JS.API.DIRECT.GET.EDGESWEEP_CHECKPOINTS.${SUBJECTS.checkpoint(keys.other, 'x', 'head', 0)}`,
      '$JS.API.DIRECT.GET.EDGESWEEP_CHECKPOINTS',
      `$KV.edgesweep-attempts.${keys.other}.x`,
    ];
    expect(await refused(connection, forbidden)).toEqual(forbidden);
    // what is delivered to other workers
    expect(await subscribe(connection.nc, '_INBOX_worker.>')).toMatch(/ermission/);
    expect(await subscribe(connection.nc, '_INBOX_worker.worker.>')).toMatch(/ermission/);
  });

  it("cannot have the server answer into another's inbox, not even one that it knows, and hears no other node", async () => {
    const server = await startWithAlice('KEY');
    const as = (user: string, password: string, role: Role) =>
      connectTo({ servers: [server.url], user, password }, role);
    const orchestrator = await as('orchestrator', PASSWORDS.EDGESWEEP_ORCHESTRATOR_PASSWORD, 'orchestrator');
    const worker = await as('worker', PASSWORDS.EDGESWEEP_WORKER_PASSWORD, 'worker');
    const alice = await as('alice', 'pw-alice', 'worker');
    await ensureStreams(orchestrator, 1);
    await ensureConsumer(orchestrator, 'KEY');
    const got: string[] = [];
    const listen = async ({ nc }: Cluster, subject: string) => {
      nc.subscribe(subject, { callback: (_, message) => void got.push(message.subject) });
      await nc.flush();
      return subject;
    };
    const own = await listen(alice, '_INBOX_worker.alice.known');
    const others = [
      await listen(orchestrator, '_INBOX_orchestrator.orchestrator.known'),
      await listen(worker, '_INBOX_worker.worker.known'),
    ];
    const requests = [
      '$JS.API.INFO',
      '$JS.API.CONSUMER.INFO.EDGESWEEP_TASKS.KEY',
      '$JS.API.DIRECT.GET.EDGESWEEP_RESULTS.es.result.KEY.one',
      `$JS.API.DIRECT.GET.KV_${BUCKETS.sweeps}.$KV.${BUCKETS.sweeps}.all`,
      'es.result.KEY.one',
      'es.failed.KEY.one',
      SUBJECTS.series('KEY', 'one', 'sha', 0),
      SUBJECTS.checkpoint('KEY', 'one', 'head', 0),
      `$KV.${BUCKETS.attempts}.KEY.one`,
    ];
    // its own inbox last: when that has all, the others would have theirs
    for (const reply of [...others, own]) for (const request of requests) alice.nc.publish(request, '', { reply });
    await listen(alice, 'es.heartbeat.*');
    await listen(orchestrator, 'es.heartbeat.*');
    worker.nc.publish('es.heartbeat.other', 'x');
    await worker.nc.flush();
    alice.nc.publish('es.heartbeat.alice', 'x');
    await alice.nc.flush();
    // the orchestrator hears both nodes, and alice herself
    const expected = [...requests.map(() => own), 'es.heartbeat.other', 'es.heartbeat.alice', 'es.heartbeat.alice'];
    await expect.poll(() => got.length, { timeout: 5000 }).toBe(expected.length);
    await Promise.all([orchestrator, worker, alice].map(({ nc }) => nc.flush()));
    expect(got.sort()).toEqual(expected.sort());
  });

  it('computes its own trajectories', async () => {
    const cwd = makeFolder();
    const sweep = makeTrajectories(cwd);
    const expected = await localTrajectories(cwd, sweep);
    const server = await startWithAlice(keyOf(sweep));
    const worker = await startWorker(server.url, cwd, ['--sweeps', 'trajectories'], asAlice);
    const run = start(['run', sweep, '--nats', server.url, '--out', 'out'], { cwd, env: asOrchestrator });
    await expectTrajectories(run, join(cwd, 'out'), expected);
    expect(worker.stderr).not.toMatch(/ermission/);
    expect(server.process.stderr).not.toMatch(/Violation/);
  });
});
