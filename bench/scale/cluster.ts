import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readOutcomes } from '../../orchestrator/directory/mod.ts';
import { launchNats, type NatsServer } from '../../test/support/nats-server.ts';
import { killHard, type Running, spawnProgram } from '../../test/support/processes.ts';
import { measure, peakMemory, requireSuccess } from './measure.ts';
import { writeNoOpSweep } from './sweeps.ts';

export type ThroughputRow = {
  tasks: number;
  seconds: number;
  tasksPerSecond: number;
  memory: { server: number; orchestrator: number; worker: number };
};

/** Tasks that cost nothing through one server, two worker nodes of `threads` threads: from publication to journal. */
export async function measureThroughput(folder: string, tasks: number, threads: number): Promise<ThroughputRow> {
  const server = await startServer(folder);
  const workers = startWorkers(folder, server.url, 2, threads);
  for (const worker of workers) await saying(worker, 'ready');
  const file = writeNoOpSweep(folder, `throughput-${tasks}`, Math.max(1, tasks / 1000), Math.min(tasks, 1000));
  const run = await measure(
    spawnProgram(['run', file, '--nats', server.url, '--quiet'], { cwd: folder, silent: true }),
  );
  requireSuccess(`${tasks} tasks`, run);
  const memory = {
    server: peakMemory(server.process.child.pid ?? 0),
    orchestrator: run.memory,
    worker: Math.max(...workers.map(({ child }) => peakMemory(child.pid ?? 0))),
  };
  await endAll(workers);
  await killHard(server.process);
  return { tasks, seconds: run.seconds, tasksPerSecond: tasks / run.seconds, memory };
}

/** `seconds` of each round; `inThreads`: what the tasks took in their threads, which grows when cores share what they compute with. */
export type NodesRow = { nodes: number; seconds: number[]; inThreads: number[] };

/** Real work on so many nodes of one thread each: wall clock of the whole command, interleaved. */
export async function measureNodes(
  folder: string,
  words: readonly string[],
  counts: readonly number[],
  rounds: number,
): Promise<NodesRow[]> {
  const rows: NodesRow[] = counts.map((nodes) => ({ nodes, seconds: [], inThreads: [] }));
  for (let round = 0; round < rounds; round++) {
    for (const { nodes, seconds, inThreads } of rows) {
      // a server of its own each time: the results of the last would be found
      const server = await startServer(folder);
      const workers = startWorkers(folder, server.url, nodes, 1);
      for (const worker of workers) await saying(worker, 'ready');
      const out = `nodes-${nodes}-${round}`;
      const run = await measure(
        spawnProgram(['run', ...words, '--out', out, '--nats', server.url, '--quiet'], { cwd: folder, silent: true }),
      );
      requireSuccess(`${nodes} nodes`, run);
      seconds.push(run.seconds);
      inThreads.push(await secondsInThreads(join(folder, out)));
      await endAll(workers);
      await killHard(server.process);
    }
  }
  return rows;
}

async function secondsInThreads(directory: string): Promise<number> {
  let seconds = 0;
  for await (const { provenance } of readOutcomes(directory)) seconds += provenance.seconds;
  return seconds;
}

/** With a store of its own, large enough for a million tasks. */
function startServer(folder: string): Promise<NatsServer> {
  const config = ({ port, store }: { port: number; store: string }) =>
    `listen: "127.0.0.1:${port}"\njetstream { store_dir: "${store}", max_file_store: 20GB, max_memory_store: 64MB }\n`;
  return launchNats({ folder: mkdtempSync(join(folder, 'server-')), config });
}

/** Waits until the process has written this to standard error. */
async function saying(running: Running, text: string): Promise<void> {
  while (!running.stderr.includes(text)) {
    if (!running.alive) throw new Error(`ended before it said "${text}":\n${running.stderr}`);
    await sleep(20);
  }
}

async function endAll(workers: readonly Running[]): Promise<void> {
  for (const { child } of workers) child.kill('SIGTERM');
  await Promise.all(workers.map(({ ended }) => ended));
}

function startWorkers(folder: string, url: string, nodes: number, threads: number): Running[] {
  return Array.from({ length: nodes }, (_, i) =>
    spawnProgram(['worker', '--nats', url, '--name', `node-${i}`, '--threads', String(threads)], {
      cwd: folder,
      silent: true,
    }),
  );
}
