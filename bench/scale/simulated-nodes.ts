/**
 * Many worker nodes in one process, each with a connection of its own and everything that a node says and hears. Tasks are computed here by
 * the reference engine, one after the other, so they should cost nothing.
 * Words: the address of the server, how many nodes, the number of the first.
 * Writes `ready` when all are, and at the end, after SIGTERM, one line of JSON.
 */
import { once, setMaxListeners } from 'node:events';
import { hostname } from 'node:os';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { EdgesweepError, type Outcome, softwareVersion } from '../../shared/mod.ts';
import { type Cluster, connectCluster } from '../../shared/protocol/mod.ts';
import { type Pool, runTask } from '../../worker/mod.ts';
import { runNode } from '../../worker/node/mod.ts';

const [address, nodes, first] = process.argv.slice(2);

const pool: Pool = {
  threads: 1,
  async run(task, attempts) {
    const started = performance.now();
    const { result } = await runTask(task, 'reference');
    const seconds = (performance.now() - started) / 1000;
    const provenance = {
      ...{ engine: 'reference', host: hostname(), seconds, attempts },
      ...{ version: softwareVersion(), node: process.version },
    };
    return { outcome: { task, result, provenance } as Outcome };
  },
  async close() {},
};

const drain = new AbortController();
const signals = { drain: drain.signal, stop: new AbortController().signal };
// each node listens
for (const signal of Object.values(signals)) setMaxListeners(0, signal);
const notes = new Map<string, number>();
let ready = 0;
const delay = monitorEventLoopDelay({ resolution: 10 });

/** As a worker does: a server that has no time to answer is tried again. */
async function connect(name: string): Promise<Cluster> {
  for (;;) {
    try {
      return await connectCluster({ servers: [address] }, 'worker', name);
    } catch (error) {
      if (!(error instanceof EdgesweepError && error.code === 'NATS_UNREACHABLE')) throw error;
      await sleep(2000);
    }
  }
}

let lost = 0;
async function countLost({ nc }: Cluster): Promise<void> {
  for await (const { type } of nc.status()) if (type === 'disconnect') lost += 1;
}

async function simulate(name: string) {
  const cluster = await connect(name);
  void countLost(cluster);
  const options = { name, threads: 1, engine: 'reference' as const, drainTimeout: 10 };
  const note = (text: string) => {
    if (text.startsWith('ready')) ready += 1;
    else notes.set(text, (notes.get(text) ?? 0) + 1);
    if (ready === Number(nodes)) {
      ready = 0;
      process.stderr.write('ready\n');
      delay.enable();
    }
  };
  return runNode(cluster, options, signals, note, pool);
}

const ends: Promise<{ done: number }>[] = [];
for (let i = 0; i < Number(nodes); i += 1) {
  const name = `node-${Number(first) + i}`;
  ends.push(simulate(name));
  // a few at a time, as machines come up
  if (i % 10 === 9) await sleep(100);
}
await once(process, 'SIGTERM');
const lostBefore = lost;
drain.abort();
const done = (await Promise.all(ends)).map((end) => end.done);
const ms = (nanoseconds: number) => Math.round(nanoseconds / 1e6);
process.stdout.write(
  `${JSON.stringify({
    done: done.reduce((sum, count) => sum + count, 0),
    lost: lostBefore,
    fewest: Math.min(...done),
    most: Math.max(...done),
    delay: { median: ms(delay.percentile(50)), p99: ms(delay.percentile(99)), max: ms(delay.max) },
    notes: [...notes].slice(0, 10),
  })}\n`,
);
process.exit();
