import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeFolder, startProcess, waitFor } from '../support/mod.ts';
import { DEPLOY, PASSWORDS } from './deployed.ts';

const CONFIGURATIONS = ['nats-server.conf', 'cluster-1.conf', 'cluster-2.conf', 'cluster-3.conf', 'leaf.conf'];
const ROUTES = {
  EDGESWEEP_HUB: 'nats-leaf://site:pw-site@10.0.0.1:7422',
  EDGESWEEP_HUB_1: 'nats-leaf://site:pw-site@10.0.0.1:7422',
  EDGESWEEP_HUB_2: 'nats-leaf://site:pw-site@10.0.0.2:7422',
  EDGESWEEP_HUB_3: 'nats-leaf://site:pw-site@10.0.0.3:7422',
  EDGESWEEP_ROUTE_PASSWORD: 'pw-route',
  EDGESWEEP_ROUTE_1: 'nats-route://route:pw-route@10.0.0.1:6222',
  EDGESWEEP_ROUTE_2: 'nats-route://route:pw-route@10.0.0.2:6222',
  EDGESWEEP_ROUTE_3: 'nats-route://route:pw-route@10.0.0.3:6222',
};

it.each(CONFIGURATIONS)('nats-server accepts %s, and not without its passwords', (file) => {
  const env = {
    PATH: process.env.PATH,
    ...PASSWORDS,
    ...ROUTES,
  };
  const check = (given: NodeJS.ProcessEnv) =>
    spawnSync('nats-server', ['-t', '-c', join(DEPLOY, file)], { env: given, encoding: 'utf8' });
  expect(check(env)).toMatchObject({ status: 0, stderr: expect.stringContaining('is valid') });
  expect(check({ PATH: process.env.PATH }).stderr).toMatch(/variable reference for 'EDGESWEEP_\w+_PASSWORD'/);
});

it('the block for TLS is ready in every configuration', () => {
  const folder = makeFolder();
  expect(spawnSync(join(DEPLOY, 'make-certificates.sh'), [folder, '127.0.0.1', 'server.example']).status).toBe(0);
  cpSync(join(DEPLOY, 'permissions.conf'), join(folder, 'permissions.conf'));
  for (const file of [...CONFIGURATIONS, 'leaf-tls.conf']) {
    const text = readFileSync(join(DEPLOY, file), 'utf8').replaceAll('/etc/edgesweep/certificates', folder);
    const ready = text.replace(/^( *)#(?=tls \{|\}| +\w+_file: | +verify: | +timeout: )/gm, '$1');
    writeFileSync(join(folder, file), ready);
    const env = { PATH: process.env.PATH, ...PASSWORDS, ...ROUTES };
    const { status, stderr } = spawnSync('nats-server', ['-t', '-c', join(folder, file)], { env, encoding: 'utf8' });
    expect({ file, status, stderr }).toMatchObject({ status: 0 });
    expect(ready).not.toMatch(/^ *#tls/m);
  }
});

it('the SLURM job hands its signal on, waits for the node to drain, and ends as it does', async () => {
  const folder = makeFolder();
  const program = join(folder, 'edgesweep');
  writeFileSync(
    program,
    '#!/usr/bin/env bash\ntrap "sleep 0.3; echo drained; exit 7" TERM\necho "$@"\nfor _ in {1..600}; do sleep 0.1; done\n',
  );
  chmodSync(program, 0o755);
  const job = startProcess('bash', [join(DEPLOY, 'slurm-workers.sh')], {
    cwd: folder,
    env: {
      PATH: `${folder}:${process.env.PATH}`,
      EDGESWEEP_NATS: 'nats://a:4222',
      SLURM_ARRAY_JOB_ID: '12',
      SLURM_ARRAY_TASK_ID: '3',
      SLURM_CPUS_PER_TASK: '5',
    },
  });
  await waitFor('the node is started', () => job.stdout.includes('\n'));
  process.kill(job.child.pid ?? 0, 'SIGTERM');
  expect(await job.ended).toMatchObject({
    code: 7,
    stdout: 'worker --name slurm-12-3 --threads 5 --max-idle 300 --max-time 14100 --drain-timeout 90\ndrained\n',
  });
});
