import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeFolder } from './folders.ts';
import { type Running, startProcess } from './program.ts';

export type NatsServer = {
  readonly url: string;
  readonly port: number;
  readonly folder: string;
  readonly process: Running;
  /** kill -9, and waits until it is gone; the store stays */
  kill(): Promise<void>;
  /** again after `kill`, with the same port, store and configuration */
  restart(): Promise<void>;
};

export type NatsOptions = {
  /** the whole configuration but for the address and the store of JetStream; absent: JetStream, no users */
  config?: (at: { port: number; store: string; folder: string }) => string;
  env?: Record<string, string>;
};

/** A nats-server of the test's own on loopback, with a store that is removed afterwards. */
export async function startNats({ config = plain, env = {} }: NatsOptions = {}): Promise<NatsServer> {
  requireNatsServer();
  const [folder, port] = [makeFolder(), await freePort()];
  const file = join(folder, 'nats-server.conf');
  writeFileSync(file, config({ port, store: join(folder, 'store'), folder }));
  let process = await startAt(file, folder, port, env);
  return {
    url: `nats://127.0.0.1:${port}`,
    port,
    folder,
    get process() {
      return process;
    },
    async kill() {
      process.killGroup();
      await process.ended;
    },
    async restart() {
      process = await startAt(file, folder, port, env);
    },
  };
}

export const plain = ({ port, store }: { port: number; store: string }): string =>
  `listen: "127.0.0.1:${port}"\nserver_name: test\njetstream { store_dir: "${store}", max_file_store: 1GB, max_memory_store: 64MB }\n`;

async function startAt(file: string, folder: string, port: number, env: Record<string, string>): Promise<Running> {
  const started = startProcess('nats-server', ['-c', file], { cwd: folder, env });
  await listening(port, started);
  return started;
}

async function listening(port: number, started: Running): Promise<void> {
  const deadline = performance.now() + 30_000;
  while (!(await canConnect(port))) {
    if (!started.alive || performance.now() > deadline)
      throw new Error(`nats-server does not listen on ${port}:\n${started.stderr}`);
    await sleep(20);
  }
}

function canConnect(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

/** A port that nobody listens on. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        typeof address === 'object' && address !== null ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}

function requireNatsServer(): void {
  if (spawnSync('nats-server', ['--version']).error === undefined) return;
  throw new Error(
    'these tests need nats-server 2.9 or newer on PATH: apt install nats-server, or brew install nats-server',
  );
}
