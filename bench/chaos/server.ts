import { rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { killHard, type Running, startProcess } from './processes.ts';

export type Server = {
  readonly url: string;
  /** kill -9; the store stays */
  kill(): Promise<void>;
  restart(): Promise<void>;
  wipe(): void;
};

/** Where a server listens and how we reach it: loopback, or a network of its own. */
export type Address = { host: string; port: number; namespace?: string };

export async function startServer(folder: string, at?: Address): Promise<Server> {
  const { host, port, namespace } = at ?? { host: '127.0.0.1', port: await freePort() };
  const store = join(folder, 'store');
  const config = join(folder, 'nats-server.conf');
  writeFileSync(
    config,
    `host: "${at === undefined ? host : '0.0.0.0'}"\nport: ${port}\njetstream { store_dir: "${store}", max_file_store: 1GB, max_memory_store: 64MB }\n`,
  );
  let running: Running;
  const start = async () => {
    running = startProcess('nats-server', ['-c', config], folder, namespace);
    while (!(await answers(host, port))) {
      if (!running.alive) throw new Error(`nats-server does not start: ${running.stderr}`);
      await sleep(10);
    }
  };
  await start();
  return {
    url: `nats://${host}:${port}`,
    kill: () => killHard(running),
    restart: start,
    wipe: () => rmSync(store, { recursive: true, force: true }),
  };
}

function answers(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 500 });
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket
      .once('connect', () => end(true))
      .once('error', () => end(false))
      .once('timeout', () => end(false));
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
