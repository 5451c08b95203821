import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { killHard, type Running, spawnProcess } from './processes.ts';

/** Where a server listens and how it is reached: loopback, or a network namespace. */
export type Address = { host: string; port: number; namespace?: string };

export type NatsServer = {
  readonly url: string;
  readonly port: number;
  readonly folder: string;
  /** of JetStream */
  readonly store: string;
  readonly process: Running;
  /** kill -9, and waits until it is gone; the store stays */
  kill(): Promise<void>;
  /** again after `kill`, with the same port, store and configuration */
  restart(): Promise<void>;
};

export type LaunchOptions = {
  /** holds configuration and store */
  folder: string;
  /** default: a free port on loopback */
  at?: Address | undefined;
  /** the whole configuration; default: JetStream with a small store, no users */
  config?: ((at: { port: number; store: string; folder: string }) => string) | undefined;
  env?: NodeJS.ProcessEnv;
};

const START_MS = 30_000;

/** Starts a nats-server, and waits until it listens. */
export async function launchNats({ folder, at, config = plain, env }: LaunchOptions): Promise<NatsServer> {
  const { host, port, namespace } = at ?? { host: '127.0.0.1', port: await freePort() };
  const store = join(folder, 'store');
  const file = join(folder, 'nats-server.conf');
  writeFileSync(file, config({ port, store, folder }));
  const start = async (): Promise<Running> => {
    const started = spawnProcess('nats-server', ['-c', file], {
      cwd: folder,
      silent: true,
      namespace,
      ...(env && { env }),
    });
    const deadline = performance.now() + START_MS;
    while (!(await canConnect(host, port))) {
      if (!started.alive || performance.now() > deadline)
        throw new Error(`nats-server does not listen on ${port}:\n${started.stderr}`);
      await sleep(20);
    }
    return started;
  };
  let process = await start();
  return {
    url: `nats://${host}:${port}`,
    port,
    folder,
    store,
    get process() {
      return process;
    },
    kill: () => killHard(process),
    async restart() {
      process = await start();
    },
  };
}

export const plain = ({ port, store }: { port: number; store: string }): string =>
  `listen: "127.0.0.1:${port}"\nserver_name: test\njetstream { store_dir: "${store}", max_file_store: 1GB, max_memory_store: 64MB }\n`;

/** Such as `nats-server: v2.9.10`: the one on PATH. */
export const natsVersion = (): string => execFileSync('nats-server', ['--version'], { encoding: 'utf8' }).trim();

function canConnect(host: string, port: number): Promise<boolean> {
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
