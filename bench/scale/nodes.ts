import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { connectCluster, disconnect, STREAMS, SUBJECTS } from '../../shared/protocol/mod.ts';
import { freePort, launchNats } from '../../test/support/nats-server.ts';
import { killHard, type Running, spawnProcess, spawnProgram } from '../../test/support/processes.ts';
import { measure, median, peakMemory, processorTime, requireSuccess } from './measure.ts';
import { writeNoOpSweep } from './sweeps.ts';

export type NodesRun = {
  nodes: number;
  tasks: number;
  seconds: number;
  /** seconds of the processor, and bytes of memory at most */
  busy: { server: number; orchestrator: number; nodes: number };
  memory: { server: number; orchestrator: number; nodes: number };
  /** milliseconds until the server answers a ping, and until it has stored or found something */
  ping: { median: number; most: number };
  answer: { median: number; most: number };
  /** messages per second that the server sent, and heartbeats that one listener heard */
  sent: number;
  heartbeats: number;
  /** connections of nodes that were lost, and made again */
  lost: number;
  /** tasks of the node that did the fewest and the most */
  fewest: number;
  most: number;
};

/** So many nodes in one process. */
const NODES_A_PROCESS = 500;

/** A no-op sweep on simulated nodes, one server and one orchestrator. */
export async function measureSimulated(folder: string, nodes: number, tasks: number): Promise<NodesRun> {
  const monitor = await freePort();
  const server = await launchNats({
    folder: mkdtempSync(join(folder, 'server-')),
    config: ({ port, store }) =>
      `listen: "127.0.0.1:${port}"\nhttp: "127.0.0.1:${monitor}"\njetstream { store_dir: "${store}", max_file_store: 20GB, max_memory_store: 64MB }\n`,
  });
  const processes: Running[] = [];
  for (let first = 0; first < nodes; first += NODES_A_PROCESS) {
    const count = Math.min(NODES_A_PROCESS, nodes - first);
    const program = fileURLToPath(new URL('simulated-nodes.ts', import.meta.url));
    const words = ['--import', 'tsx', program, server.url, String(count), String(first)];
    processes.push(spawnProcess(process.execPath, words, { cwd: process.cwd() }));
  }
  for (const running of processes) await untilSaid(running, 'ready\n');
  const file = writeNoOpSweep(folder, `nodes-${nodes}-${tasks}`, Math.max(1, tasks / 1000), Math.min(tasks, 1000));
  const pids = processes.map(({ child }) => child.pid ?? 0);
  const serverPid = server.process.child.pid ?? 0;
  const busyOf = (of: readonly number[]) => of.reduce((sum, pid) => sum + processorTime(pid), 0);
  const before = { server: busyOf([serverPid]), nodes: busyOf(pids), sent: await sentBy(monitor) };
  const probe = await startProbe(server.url);
  const run = await measure(
    spawnProgram(['run', file, '--nats', server.url, '--quiet'], { cwd: folder, silent: true }),
  );
  const probed = await probe.end();
  requireSuccess(`${nodes} nodes`, run);
  const sent = (await sentBy(monitor)) - before.sent;
  const busy = {
    server: busyOf([serverPid]) - before.server,
    orchestrator: run.busy,
    nodes: busyOf(pids) - before.nodes,
  };
  const memory = {
    server: peakMemory(serverPid),
    orchestrator: run.memory,
    nodes: pids.reduce((sum, pid) => sum + peakMemory(pid), 0),
  };
  for (const { child } of processes) child.kill('SIGTERM');
  const ends = (await Promise.all(processes.map(({ ended }) => ended))).map(({ stdout }) =>
    endSchema.parse(JSON.parse(stdout)),
  );
  for (const { delay, notes } of ends) process.stderr.write(`${JSON.stringify({ delay, notes })}\n`);
  await killHard(server.process);
  return {
    ...{ nodes, tasks, seconds: run.seconds, busy, memory, sent: sent / run.seconds, ...probed },
    lost: ends.reduce((sum, { lost }) => sum + lost, 0),
    fewest: Math.min(...ends.map(({ fewest }) => fewest)),
    most: Math.max(...ends.map(({ most }) => most)),
  };
}

const endSchema = z.object({
  lost: z.number(),
  fewest: z.number(),
  most: z.number(),
  delay: z.object({ median: z.number(), p99: z.number(), max: z.number() }),
  notes: z.array(z.tuple([z.string(), z.number()])),
});

async function untilSaid(running: Running, text: string): Promise<void> {
  while (!running.stderr.includes(text)) {
    if (!running.alive) throw new Error(`ended before it said "${text}":\n${running.stderr}`);
    await sleep(50);
  }
}

/** Messages that the server has sent so far. */
async function sentBy(monitor: number): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${monitor}/varz`);
  return z.object({ out_msgs: z.number() }).parse(await answer.json()).out_msgs;
}

/** What one more client sees of the server meanwhile. */
async function startProbe(url: string) {
  const cluster = await connectCluster({ servers: [url] }, 'orchestrator', 'probe');
  const pings: number[] = [];
  const answers: number[] = [];
  let heartbeats = 0;
  const started = performance.now();
  const count = () => {
    heartbeats += 1;
  };
  cluster.nc.subscribe(SUBJECTS.heartbeat('*'), { callback: count });
  let over = false;
  const probing = (async () => {
    while (!over) {
      // a machine that is too busy loses connections, which are made again
      await cluster.nc.rtt().then(
        (ms) => void pings.push(ms),
        () => {},
      );
      const asked = performance.now();
      await cluster.jsm.streams.info(STREAMS.tasks).catch(() => undefined);
      answers.push(performance.now() - asked);
      await sleep(250);
    }
  })();
  return {
    async end() {
      const seconds = (performance.now() - started) / 1000;
      over = true;
      await probing;
      await disconnect(cluster);
      const of = (values: readonly number[]) => ({ median: median(values), most: Math.max(...values) });
      return { ping: of(pings), answer: of(answers), heartbeats: heartbeats / seconds };
    },
  };
}
