import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SUBJECTS } from '../../shared/protocol/mod.ts';
import { inProcess, makeFolder, type NatsServer, start } from '../support/mod.ts';
import {
  asOrchestrator,
  connectTo,
  DEPLOY,
  describeSweep,
  makeSweep,
  replaceOnce,
  runOn,
  startDeployed,
  startWorker,
} from './deployed.ts';
import { refused, subscribe } from './refusals.ts';
import { keyOf } from './support.ts';
import { expectTrajectories, localTrajectories, makeTrajectories } from './trajectories.ts';

const asAlice = { EDGESWEEP_NATS_USER: 'alice', EDGESWEEP_NATS_PASSWORD: 'pw-alice' };

/** The server of deploy/, with the user of deploy/README.md who may serve one sweep. */
async function startWithAlice(key: string): Promise<NatsServer> {
  const readme = readFileSync(join(DEPLOY, 'README.md'), 'utf8');
  const alice = /```\n(\{ user: "alice"[\s\S]*?)```/.exec(readme)?.[1].replaceAll('KEY', key) ?? '';
  return startDeployed(
    (text) => replaceOnce(text, '  WORKERS {\n    users: [\n', `  WORKERS {\n    users: [\n${alice}\n`),
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
