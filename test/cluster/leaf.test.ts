import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { listSubjects } from '../../orchestrator/cluster/subjects.ts';
import { STREAMS } from '../../shared/protocol/mod.ts';
import { cleanLater, freePort, makeFolder, type NatsServer, type Running, start, waitFor } from '../support/mod.ts';
import { launchNats } from '../support/nats-server.ts';
import { testEnvironment } from '../support/program.ts';
import { asOrchestrator, asWorker, connectTo, DEPLOY, PASSWORDS } from './deployed.ts';
import { permissionsWithSite } from './site.ts';
import { expectComplete, isReady, makeSweep, undisturbed, untilRecorded } from './support.ts';
import { expectTrajectories, localTrajectories, makeTrajectories } from './trajectories.ts';

const SITE_PASSWORD = { EDGESWEEP_SITE_PASSWORD: 'pw-site' };
const HOST = '127.0.0.1';

type Hub = { server: NatsServer; leafPort: number; monitorPort: number };

/** The three servers of deploy/, with the account of a second site, whose connections are encrypted. */
async function startHubs(certificates: string): Promise<Hub[]> {
  const ports = await Promise.all(
    Array.from({ length: 3 }, async () => ({
      route: await freePort(),
      leaf: await freePort(),
      monitor: await freePort(),
    })),
  );
  const routes = Object.fromEntries(
    ports.map(({ route }, i) => [`EDGESWEEP_ROUTE_${i + 1}`, `nats-route://route:pw-route@${HOST}:${route}`]),
  );
  const startHub = async (index: number): Promise<Hub> => {
    const { route, leaf, monitor } = ports[index];
    const text = readFileSync(join(DEPLOY, `cluster-${index + 1}.conf`), 'utf8');
    const folder = makeFolder();
    const server = await launchNats({
      folder,
      env: { ...testEnvironment(), ...PASSWORDS, ...SITE_PASSWORD, ...routes, EDGESWEEP_ROUTE_PASSWORD: 'pw-route' },
      config: ({ port, store }) =>
        `${text}http: "${HOST}:${monitor}"\n`
          // the second line for leaf nodes is the encrypted one
          .replace(/^#(leafnodes .*7422", tls .*)$/m, '$1')
          .replace('"0.0.0.0:7422", tls', `"${HOST}:${leaf}", tls`)
          .replace('"0.0.0.0:4222"', `"${HOST}:${port}"`)
          .replace('"0.0.0.0:6222"', `"${HOST}:${route}"`)
          .replace('"/var/lib/edgesweep/nats"', `"${store}"`)
          .replace('include "permissions.conf"', permissionsWithSite)
          .replaceAll('/etc/edgesweep/certificates', certificates),
    });
    cleanLater(() => server.kill());
    return { server, leafPort: leaf, monitorPort: monitor };
  };
  const hubs = await Promise.all([0, 1, 2].map(startHub));
  await untilWhole(hubs);
  return hubs;
}

async function untilWhole(hubs: readonly Hub[]): Promise<void> {
  for (const { monitorPort } of hubs)
    await expect
      .poll(
        () =>
          ask(monitorPort, 'healthz').then(
            ({ status }) => status,
            () => '',
          ),
        { timeout: 60_000 },
      )
      .toBe('ok');
}

const ask = async (port: number, what: string) =>
  (await (await fetch(`http://${HOST}:${port}/${what}`, { signal: AbortSignal.timeout(2000) })).json()) as {
    status?: string;
    leafs?: unknown[] | null;
  };

/** The server that the leaf node is connected to. */
async function hubOfLeaf(hubs: readonly Hub[], leaf: NatsServer): Promise<Hub> {
  const deadline = performance.now() + 120_000;
  while (performance.now() < deadline) {
    for (const hub of hubs) {
      const { leafs } = await ask(hub.monitorPort, 'leafz').catch(() => ({ leafs: [] }));
      if (leafs && leafs.length > 0) return hub;
    }
    await sleep(100);
  }
  throw new Error(`the leaf node does not connect:\n${leaf.process.stderr}`);
}

async function startLeaf(hubs: readonly Hub[], certificates: string): Promise<NatsServer> {
  const addresses = Object.fromEntries(
    hubs.map(({ leafPort }, i) => [`EDGESWEEP_HUB_${i + 1}`, `nats-leaf://site:pw-site@${HOST}:${leafPort}`]),
  );
  const leaf = await launchNats({
    folder: makeFolder(),
    env: { ...testEnvironment(), ...PASSWORDS, ...addresses },
    config: ({ port }) =>
      readFileSync(join(DEPLOY, 'leaf-tls.conf'), 'utf8')
        .replace('"0.0.0.0:4222"', `"${HOST}:${port}"`)
        .replaceAll('/etc/edgesweep/certificates', certificates),
  });
  cleanLater(() => leaf.kill());
  return leaf;
}

function makeCertificates(): string {
  const folder = makeFolder();
  execFileSync(join(DEPLOY, 'make-certificates.sh'), [folder, HOST], { stdio: 'ignore' });
  return folder;
}

/** A node of the second site, with a scratch folder of its own. */
function startSiteWorker(leaf: NatsServer, cwd: string, name: string): Running {
  const scratch = join(cwd, `scratch-${name}`);
  const words = ['worker', '--nats', leaf.url, '--threads', '1', '--name', name, '--scratch', scratch];
  return start([...words, '--checkpoint', '0.2'], { cwd, env: { ...asWorker } });
}

/** Milliseconds. Three servers choose leaders, and a machine may be busy. */
const LIMIT = 300_000;

describe.skipIf(process.env.EDGESWEEP_TEST_LEAF === undefined)(
  'a second site, encrypted, of three servers',
  { timeout: LIMIT },
  () => {
    it('trajectories with series and checkpoints pass through; another node resumes what a killed one began', async () => {
      const cwd = makeFolder();
      const certificates = makeCertificates();
      const hubs = await startHubs(certificates);
      const leaf = await startLeaf(hubs, certificates);
      await hubOfLeaf(hubs, leaf);
      const sweep = makeTrajectories(cwd, { runs: 1, iterations: 5000, every: 1 });
      const expected = await localTrajectories(cwd, sweep);
      const first = startSiteWorker(leaf, cwd, 'first');
      await waitFor('the node', () => isReady(first) || !first.alive);
      const url = hubs.map(({ server }) => server.url).join(',');
      const words = ['run', sweep, '--nats', url, '--nats-replicas', '3', '--out', 'far'];
      const run = start(words, { cwd, env: asOrchestrator });
      const cluster = await connectTo({
        servers: [hubs[0].server.url],
        user: 'orchestrator',
        password: PASSWORDS.EDGESWEEP_ORCHESTRATOR_PASSWORD,
      });
      const heads = () => listSubjects(cluster, STREAMS.checkpoints, 'es.checkpoint.*.*.head.0');
      await expect.poll(() => heads().catch(() => []), { timeout: 60_000 }).not.toEqual([]);
      first.kill();
      await first.ended;
      const second = startSiteWorker(leaf, cwd, 'second');
      await expectTrajectories(run, join(cwd, 'far'), expected);
      expect(second.stderr).toContain('resumes from a checkpoint that another node stored on the server');
    });

    it('the sweep continues when the server dies that the leaf node is connected to, and when it falls silent', async () => {
      const cwd = makeFolder();
      const certificates = makeCertificates();
      const hubs = await startHubs(certificates);
      const leaf = await startLeaf(hubs, certificates);
      const sweep = makeSweep(cwd);
      const expected = await undisturbed(cwd, sweep);
      const workers = ['first', 'second'].map((name) => startSiteWorker(leaf, cwd, name));
      await waitFor('the nodes', () => workers.every(isReady));
      const url = hubs.map(({ server }) => server.url).join(',');
      const out = join(cwd, 'far');
      const run = start(['run', sweep, '--nats', url, '--nats-replicas', '3', '--out', 'far'], {
        cwd,
        env: asOrchestrator,
      });
      const until = (count: number) =>
        untilRecorded(out, count).catch((error: Error) => {
          const told = [run, ...workers].map(({ stderr }) => stderr).join('\n');
          throw new Error(`${error.message}\n${told}\n${leaf.process.stderr}`);
        });
      for (const [count, signal] of [
        [20, 'SIGKILL'],
        [100, 'SIGSTOP'],
      ] as const) {
        await until(count);
        const hub = await hubOfLeaf(hubs, leaf);
        hub.server.process.child.kill(signal);
        await hubOfLeaf(
          hubs.filter((other) => other !== hub),
          leaf,
        );
        await until(count + 20);
        await hub.server.kill();
        await hub.server.restart();
        await untilWhole(hubs);
      }
      await expectComplete(run, out, expected);
      for (const { alive } of workers) expect(alive).toBe(true);
    });
  },
);
