/**
 * A worker node whose tasks take a given time, in which it sleeps: so a busy machine does not change them, and what is measured is the way to
 * the server. Words: the folder of a build, the address of the server, a name, threads, milliseconds a task.
 * Ends after SIGTERM, with the time of its last result in one line of JSON.
 */
import { once } from 'node:events';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import pLimit from 'p-limit';
import type { Outcome } from '../../shared/mod.ts';
import type { Pool } from '../../worker/mod.ts';

const [build, address, name, threads, ms] = process.argv.slice(2);
const built = (path: string) => pathToFileURL(join(build, path)).href;
const { softwareVersion }: typeof import('../../shared/mod.ts') = await import(built('shared/mod.js'));
const { connectCluster }: typeof import('../../shared/protocol/mod.ts') = await import(built('shared/protocol/mod.js'));
const { runTask }: typeof import('../../worker/mod.ts') = await import(built('worker/mod.js'));
const { runNode }: typeof import('../../worker/node/mod.ts') = await import(built('worker/node/mod.js'));

const limit = pLimit(Number(threads));
const done = { tasks: 0, last: 0 };
const pool: Pool = {
  threads: Number(threads),
  run: (task, attempts) =>
    limit(async () => {
      const started = performance.now();
      const { result } = await runTask(task, 'reference');
      await sleep(Number(ms) - (performance.now() - started));
      done.tasks += 1;
      done.last = Date.now();
      const seconds = (performance.now() - started) / 1000;
      const provenance = {
        ...{ engine: 'reference', host: hostname(), seconds, attempts },
        ...{ version: softwareVersion(), node: process.version },
      };
      return { outcome: { task, result, provenance } as Outcome };
    }),
  async close() {},
};
const server = {
  servers: [address],
  user: process.env.EDGESWEEP_NATS_USER,
  password: process.env.EDGESWEEP_NATS_PASSWORD,
};
const drain = new AbortController();
const ended = runNode(
  await connectCluster(server, 'worker', name),
  { name, threads: Number(threads), engine: 'reference', drainTimeout: 10 },
  { drain: drain.signal, stop: new AbortController().signal },
  (text) => void process.stderr.write(`${text}\n`),
  pool,
);
await once(process, 'SIGTERM');
drain.abort();
await ended;
process.stdout.write(`${JSON.stringify(done)}\n`);
process.exit();
