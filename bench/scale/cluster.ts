import { join } from 'node:path';
import { readOutcomes } from '../../orchestrator/directory/mod.ts';
import { measure, peakMemory, requireSuccess } from './measure.ts';
import { end, type Running, saying, start, startServer } from './processes.ts';
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
  const run = await measure(start(['run', file, '--nats', server.url, '--quiet'], folder));
  requireSuccess(`${tasks} tasks`, run);
  const memory = {
    server: peakMemory(server.child.pid ?? 0),
    orchestrator: run.memory,
    worker: Math.max(...workers.map(({ child }) => peakMemory(child.pid ?? 0))),
  };
  await end(workers, 'SIGTERM');
  await end([server], 'SIGKILL');
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
      const run = await measure(start(['run', ...words, '--out', out, '--nats', server.url, '--quiet'], folder));
      requireSuccess(`${nodes} nodes`, run);
      seconds.push(run.seconds);
      inThreads.push(await secondsInThreads(join(folder, out)));
      await end(workers, 'SIGTERM');
      await end([server], 'SIGKILL');
    }
  }
  return rows;
}

async function secondsInThreads(directory: string): Promise<number> {
  let seconds = 0;
  for await (const { provenance } of readOutcomes(directory)) seconds += provenance.seconds;
  return seconds;
}

function startWorkers(folder: string, url: string, nodes: number, threads: number): Running[] {
  return Array.from({ length: nodes }, (_, i) =>
    start(['worker', '--nats', url, '--name', `node-${i}`, '--threads', String(threads)], folder),
  );
}
