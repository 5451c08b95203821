import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Link } from '../../test/chaos/network.ts';
import { permissionsWithSite } from '../../test/cluster/site.ts';
import { launchNats, type NatsServer } from '../../test/support/nats-server.ts';

const DEPLOY = fileURLToPath(new URL('../../deploy', import.meta.url));
const PORT = 4222;
const HUB_PORT = 7422;
const PASSWORDS = {
  EDGESWEEP_ORCHESTRATOR_PASSWORD: 'pw-orchestrator',
  EDGESWEEP_WORKER_PASSWORD: 'pw-worker',
  EDGESWEEP_SITE_PASSWORD: 'pw-site',
};

const as = (user: string, password: string): NodeJS.ProcessEnv => ({
  ...process.env,
  EDGESWEEP_NATS_USER: user,
  EDGESWEEP_NATS_PASSWORD: password,
});
export const asOrchestrator = as('orchestrator', PASSWORDS.EDGESWEEP_ORCHESTRATOR_PASSWORD);
export const asWorker = as('worker', PASSWORDS.EDGESWEEP_WORKER_PASSWORD);

/** deploy/nats-server.conf with what deploy/README.md adds for leaf nodes. */
export const startHub = (folder: string, at: Link): Promise<NatsServer> =>
  startDeployed('nats-server.conf', folder, at);

/** deploy/leaf.conf. */
export const startLeaf = (folder: string, at: Link, { host }: Link): Promise<NatsServer> =>
  startDeployed('leaf.conf', folder, at, {
    EDGESWEEP_HUB: `nats-leaf://site:${PASSWORDS.EDGESWEEP_SITE_PASSWORD}@${host}:${HUB_PORT}`,
  });

function startDeployed(file: string, folder: string, { host, namespace }: Link, env = {}): Promise<NatsServer> {
  const own = join(folder, file);
  mkdirSync(own);
  const config = ({ store }: { store: string }) =>
    readFileSync(join(DEPLOY, file), 'utf8')
      .replace('0.0.0.0:4222', `${host}:${PORT}`)
      .replace('/var/lib/edgesweep/nats', store)
      .replace(/^#(leafnodes .*)$/m, '$1')
      .replace('include "permissions.conf"', permissionsWithSite());
  return launchNats({
    folder: own,
    at: { host, port: PORT, namespace },
    config,
    env: { ...process.env, ...PASSWORDS, ...env },
  });
}
