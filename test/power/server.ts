/**
 * How long a nats-server leaves what it has acknowledged unsynced: what a power loss of its machine may lose. Stores ten messages per second in
 * servers under strace, and prints the longest time from a write to a message block to the next sync of that file. `--server PATH` adds a server,
 * `--seconds N` sets how long; servers that sync every two minutes need 250 s. Before 2.10 there is only the default.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { jetstream } from '@nats-io/jetstream';
import { markdownTable } from 'markdown-table';
import { ensureStreams } from '../../orchestrator/cluster/streams.ts';
import { type Cluster, connectCluster, SUBJECTS } from '../../shared/protocol/mod.ts';
import { freePort } from '../support/nats-server.ts';
import { killHard, spawnProcess } from '../support/processes.ts';

const { values: options } = parseArgs({
  options: {
    server: { type: 'string', multiple: true, default: ['nats-server'] },
    seconds: { type: 'string', default: '250' },
  },
});
const PAUSE_MS = 100;

type Measured = { server: string; setting: string; messages: number; syncs: number; longest: number };

async function measure(folder: string, server: string, setting: string): Promise<Measured | undefined> {
  mkdirSync(folder);
  const version = execFileSync(server, ['--version'], { encoding: 'utf8' }).trim();
  const port = await freePort();
  const file = join(folder, 'nats-server.conf');
  const store = join(folder, 'store');
  const sync = setting === 'default' ? '' : `, sync_interval: ${setting}`;
  writeFileSync(file, `listen: "127.0.0.1:${port}"\njetstream { store_dir: "${store}"${sync} }\n`);
  const trace = join(folder, 'trace');
  const calls = 'trace=openat,write,pwrite64,fsync,fdatasync';
  const words = ['-f', '-y', '-ttt', '-s', '0', '-e', calls, '-o', trace, server, '-c', file];
  const running = spawnProcess('strace', words, { cwd: folder, silent: true });
  const cluster = await connected(port, () => running.alive);
  // before 2.10 there is no such setting
  if (cluster === undefined) return undefined;
  await ensureStreams(cluster, 1);
  const js = jetstream(cluster.nc);
  let messages = 0;
  for (const end = performance.now() + 1000 * Number(options.seconds); performance.now() < end; await sleep(PAUSE_MS))
    await js.publish(SUBJECTS.result('sweep', `task${messages++}`), 'x'.repeat(600));
  const now = Date.now() / 1000;
  await cluster.nc.close();
  await killHard(running);
  return { server: version, setting, messages, ...exposure(readFileSync(trace, 'utf8'), now) };
}

/** Undefined when the server ends instead. */
async function connected(port: number, isAlive: () => boolean): Promise<Cluster | undefined> {
  while (isAlive()) {
    try {
      return await connectCluster({ servers: [`nats://127.0.0.1:${port}`] }, 'orchestrator', 'measure');
    } catch {
      await sleep(100);
    }
  }
  return undefined;
}

/** @param text of strace @param end when the last message was stored, in seconds */
function exposure(text: string, end: number): { syncs: number; longest: number } {
  const unsynced = new Map<string, number>();
  const always = new Set<string>();
  let [syncs, longest] = [0, 0];
  for (const line of text.split('\n')) {
    const opened = /openat\(.*"([^"]*)".*O_D?SYNC.*= \d+<([^>]*)>/.exec(line);
    if (opened !== null) always.add(opened[2]);
    const [, time, call, path] = /^\d+ +([\d.]+) (\w+)\(\d+<([^>]*EDGESWEEP_RESULTS[^>]*\.blk)>/.exec(line) ?? [];
    if (path === undefined || always.has(path)) continue;
    if (call.includes('write')) {
      if (!unsynced.has(path)) unsynced.set(path, Number(time));
      continue;
    }
    syncs += 1;
    longest = Math.max(longest, Number(time) - (unsynced.get(path) ?? Number(time)));
    unsynced.delete(path);
  }
  return { syncs, longest: Math.max(longest, ...[...unsynced.values()].map((time) => end - time)) };
}

const folder = mkdtempSync(join(tmpdir(), 'edgesweep-sync-'));
const cases = options.server.flatMap((server) => ['default', 'always', '"5s"'].map((setting) => [server, setting]));
const measured = await Promise.all(
  cases.map(([server, setting], i) => measure(join(folder, String(i)), server, setting)),
);
rmSync(folder, { recursive: true, force: true });
process.stdout.write(
  `${markdownTable(
    [
      ['server', '`sync_interval`', 'messages', 'syncs', 'longest without a sync, s'],
      ...measured
        .flatMap((one) => one ?? [])
        .map(({ server, setting, messages, syncs, longest }) => [
          server,
          setting,
          String(messages),
          String(syncs),
          longest.toFixed(1),
        ]),
    ],
    { align: ['l', 'l', 'r', 'r', 'r'] },
  )}\n`,
);
process.exit();
