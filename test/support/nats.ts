import { spawnSync } from 'node:child_process';
import { cleanLater, makeFolder } from './folders.ts';
import { type LaunchOptions, launchNats, type NatsServer } from './nats-server.ts';
import { killHard } from './processes.ts';
import { testEnvironment } from './program.ts';

export type NatsOptions = Pick<LaunchOptions, 'config'> & { env?: Record<string, string> };

/** A nats-server of the test's own on loopback. It is stopped and its store removed after the test. */
export async function startNats({ config, env = {} }: NatsOptions = {}): Promise<NatsServer> {
  requireNatsServer();
  const server = await launchNats({ folder: makeFolder(), config, env: { ...testEnvironment(), ...env } });
  cleanLater(() => killHard(server.process));
  return server;
}

function requireNatsServer(): void {
  if (spawnSync('nats-server', ['--version']).error === undefined) return;
  throw new Error(
    'these tests need nats-server 2.9 or newer on PATH: apt install nats-server, or brew install nats-server',
  );
}
