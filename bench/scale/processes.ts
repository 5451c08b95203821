import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../../dist/program/main.js', import.meta.url));

export type Running = {
  readonly child: ChildProcess;
  /** standard error so far */
  readonly stderr: string;
  readonly ended: Promise<number | null>;
};

export function startProcess(file: string, words: readonly string[], cwd: string): Running {
  // what is printed for a million cells must not be kept
  const child = spawn(file, words, { cwd, stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (part: string) => {
    stderr += part;
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code));
  });
  return {
    child,
    get stderr() {
      return stderr;
    },
    ended,
  };
}

/** Starts the built program. */
export const start = (words: readonly string[], cwd: string): Running =>
  startProcess(process.execPath, [PROGRAM, ...words], cwd);

/** Waits until the process has written this to standard error. */
export async function saying(running: Running, text: string): Promise<void> {
  while (!running.stderr.includes(text)) {
    if (running.child.exitCode !== null) throw new Error(`ended before it said "${text}":\n${running.stderr}`);
    await sleep(20);
  }
}

/** A nats-server on loopback with a store of its own. */
export async function startServer(folder: string): Promise<Running & { url: string }> {
  const port = await freePort();
  const store = mkdtempSync(join(folder, 'server-'));
  const file = join(store, 'nats-server.conf');
  writeFileSync(
    file,
    `listen: "127.0.0.1:${port}"\njetstream { store_dir: "${store}/store", max_file_store: 20GB, max_memory_store: 64MB }\n`,
  );
  const running = startProcess('nats-server', ['-c', file], folder);
  await saying(running, 'Server is ready');
  return Object.assign(running, { url: `nats://127.0.0.1:${port}` });
}

export async function end(running: readonly Running[], signal: NodeJS.Signals): Promise<void> {
  for (const { child } of running) child.kill(signal);
  await Promise.all(running.map(({ ended }) => ended));
}

function freePort(): Promise<number> {
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
