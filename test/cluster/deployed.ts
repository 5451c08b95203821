import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Task } from '../../shared/mod.ts';
import { type Cluster, connectCluster, type Role, type ServerOptions, sweepKey } from '../../shared/protocol/mod.ts';
import { expand, loadSweep } from '../../shared/sweep/mod.ts';
import {
  cleanLater,
  inProcess,
  type NatsServer,
  type Started,
  startHere,
  startNats,
  waitFor,
  writeSweep,
} from '../support/mod.ts';

export const DEPLOY = fileURLToPath(new URL('../../deploy', import.meta.url));

/** 6 tasks of a few milliseconds. */
export const makeSweep = (folder: string, name = 'probe'): string =>
  writeSweep(folder, {
    name,
    grid: '{activation: [linear, tanh], depth: 2, width: 4, dataset: {kind: synthetic, examples: 20, dimensions: 4}}',
    search: '{initialStepSize: 0.1, growth: 1.1, steps: 20, ceiling: 1.0e+4}',
  });

export function describeSweep(path: string): { key: string; tasks: Task[] } {
  const sweep = loadSweep(path);
  const expansion = expand(sweep);
  const runs = Array.from({ length: expansion.runs }, (_, run) => run);
  const tasks = expansion.cells.flatMap((_, cell) => runs.map((run) => expansion.task(cell, run)));
  return { key: sweepKey(sweep, expansion), tasks };
}

/** A connection of the test's own. */
export async function connectTo(server: NatsServer | ServerOptions, role: Role = 'orchestrator'): Promise<Cluster> {
  const cluster = await connectCluster('url' in server ? { servers: [server.url] } : server, role, 'test');
  cleanLater(() => cluster.nc.close());
  return cluster;
}

let nodes = 0;

/** A worker node of one thread in this process, once it is ready. */
export async function startWorker(
  server: string,
  cwd: string,
  words: string[] = [],
  env: Record<string, string> = {},
): Promise<Started> {
  nodes += 1;
  // two of one process would have one name
  const name = words.includes('--name') ? [] : ['--name', `node-${nodes}`];
  const worker = startHere(['worker', '--nats', server, '--threads', '1', ...name, ...words], { cwd, env });
  await waitFor('the worker is ready', () => worker.stderr.includes('ready:') || !worker.alive);
  if (!worker.alive) throw new Error(worker.stderr);
  return worker;
}

/** Runs a sweep on the nodes there are, to its end; its directory is `out`. */
export const runOn = (server: string, sweep: string, cwd: string, words: string[] = [], env = {}) =>
  inProcess(['run', sweep, '--nats', server, '--quiet', '--out', 'out', ...words], { cwd, env });

export const PASSWORDS = {
  EDGESWEEP_ORCHESTRATOR_PASSWORD: 'pw-orchestrator',
  EDGESWEEP_WORKER_PASSWORD: 'pw-worker',
} as const;

export const asOrchestrator = {
  EDGESWEEP_NATS_USER: 'orchestrator',
  EDGESWEEP_NATS_PASSWORD: PASSWORDS.EDGESWEEP_ORCHESTRATOR_PASSWORD,
};
export const asWorker = { EDGESWEEP_NATS_USER: 'worker', EDGESWEEP_NATS_PASSWORD: PASSWORDS.EDGESWEEP_WORKER_PASSWORD };

/**
 * A configuration of deploy/ with only the address and the store changed.
 * @param change of the text of permissions.conf
 */
export function deployed(file: string, change: (permissions: string) => string = (text) => text) {
  return ({ port, store }: { port: number; store: string }): string => {
    let text = readFileSync(join(DEPLOY, file), 'utf8');
    text = replaceOnce(text, '"0.0.0.0:4222"', `"127.0.0.1:${port}"`);
    text = replaceOnce(text, '"/var/lib/edgesweep/nats"', `"${store}"`);
    return replaceOnce(
      text,
      'include "permissions.conf"',
      change(readFileSync(join(DEPLOY, 'permissions.conf'), 'utf8')),
    );
  };
}

export function replaceOnce(text: string, part: string, by: string): string {
  if (text.split(part).length !== 2) throw new Error(`${part} has to be there once`);
  return text.replace(part, () => by);
}

/** The server of deploy/nats-server.conf. */
export const startDeployed = (change?: (permissions: string) => string, env: Record<string, string> = {}) =>
  startNats({ config: deployed('nats-server.conf', change), env: { ...PASSWORDS, ...env } });
