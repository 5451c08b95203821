/**
 * Nodes of a second site with a leaf node, 100 ms and 1 % loss away, beside nodes near the server: tasks a second, and how long the last node
 * computes when the first one finds no more. Tasks sleep, see `sleeper.ts`. Before that, real nodes
 * of the second site compute a sweep, and its tables are compared with those of a local run. Prints tables.
 * `--delay MS`, `--loss SHARE`, `--rounds N`; `--before DIST`: another build, measured in turn. Needs the built package, nats-server and root.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { markdownTable } from 'markdown-table';
import { makeNetwork } from '../../test/chaos/network.ts';
import { slowDown } from '../../test/chaos/slow-link.ts';
import { killAll, killHard, type Running, spawnProcess, spawnProgram } from '../../test/support/processes.ts';
import { journalLines } from '../../test/support/sweep-directory.ts';
import { waitFor } from '../../test/support/wait-for.ts';
import { writeNoOpSweep } from '../scale/sweeps.ts';
import { asOrchestrator, asWorker, startHub, startLeaf } from './sites.ts';

const { values } = parseArgs({
  options: {
    delay: { type: 'string', default: '100' },
    loss: { type: 'string', default: '0.01' },
    rounds: { type: 'string', default: '3' },
    before: { type: 'string' },
  },
});
const ROUNDS = Number(values.rounds);
const DIST = fileURLToPath(new URL('../../dist', import.meta.url));
const BUILDS = values.before === undefined ? { now: DIST } : { before: values.before, now: DIST };
const SLEEPER = fileURLToPath(new URL('sleeper.ts', import.meta.url));

/** What a task takes, and how many there are. */
const SWEEPS = [
  { ms: 1, tasks: 300 },
  { ms: 50, tasks: 80 },
  { ms: 1000, tasks: 16 },
] as const;
type SweepOfSleepers = { ms: number; tasks: number };
type Place = { url: string; namespace: string };

const say = (text: string): void => void process.stderr.write(`${text}\n`);
const folder = mkdtempSync(join(tmpdir(), 'edgesweep-leaf-'));
const network = makeNetwork(3, true);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    killAll();
    network.close();
    process.exit(130);
  });
}
try {
  const [hub, nearLink, farLink] = network.links;
  await slowDown(farLink, Number(values.delay), Number(values.loss));
  const server = await startHub(folder, hub);
  const leaf = await startLeaf(folder, farLink, hub);
  const near: Place = { url: server.url, namespace: nearLink.namespace };
  const far: Place = { url: leaf.url, namespace: farLink.namespace };
  let sweeps = 0;
  await compareTables(far, server.url, hub.namespace);

  /** A sweep on these nodes. @returns tasks a second from the first outcome to the last, and how long nodes end apart, in seconds */
  const measure = async (build: string, { ms, tasks }: SweepOfSleepers, nodes: readonly [Place, number][]) => {
    sweeps += 1;
    const started = nodes.map(([{ url, namespace }, threads], i) => {
      const words = ['--import', 'tsx', SLEEPER, build, url, `w${i}`, String(threads), String(ms)];
      return spawnProcess(process.execPath, words, { cwd: process.cwd(), namespace, env: asWorker });
    });
    await waitFor('the nodes are ready', () => started.every(({ stderr }) => stderr.includes('ready: ')));
    // a sweep of its own: the server keeps the results of others
    const file = writeNoOpSweep(folder, `sweep-${sweeps}`, 1, tasks);
    const out = join(folder, `out-${sweeps}`);
    const words = ['run', file, '--seed', String(sweeps), '--nats', server.url, '--out', out, '--quiet'];
    const run = spawnProgram(words, { cwd: folder, silent: true, namespace: hub.namespace, env: asOrchestrator });
    const times = await timesOf(out, run, tasks);
    const ends = await Promise.all(started.map(lastOf));
    return {
      rate: (tasks - times.atFirst) / (times.last - times.first),
      apart: (Math.max(...ends) - Math.min(...ends)) / 1000,
    };
  };

  const rates = new Map<string, number[]>();
  const tails = new Map<string, number[]>();
  const mixed = new Map<string, number[]>();
  const add = (to: Map<string, number[]>, key: string, value: number) => {
    to.set(key, [...(to.get(key) ?? []), value]);
    say(`${key}: ${value.toFixed(2)}`);
  };
  for (let round = 0; round < ROUNDS; round++) {
    for (const sweep of SWEEPS) {
      for (const [name, build] of Object.entries(BUILDS)) {
        for (const [where, place] of Object.entries({ near, far })) {
          const two: [Place, number][] = [
            [place, 1],
            [place, 1],
          ];
          add(rates, `${sweep.ms} ${where} ${name}`, (await measure(build, sweep, two)).rate);
        }
        const unequal: [Place, number][] = [
          [near, 1],
          [far, 3],
        ];
        const { rate, apart } = await measure(build, sweep, unequal);
        add(mixed, `${sweep.ms} unequal ${name}`, rate);
        add(tails, `${sweep.ms} apart ${name}`, apart);
      }
    }
  }
  const builds = Object.keys(BUILDS);
  const places = ['near', 'far'];
  const header = ['a task sleeps', ...places.flatMap((place) => builds.map((build) => `${place}, ${build}`))];
  const rows = SWEEPS.map(({ ms }) => [
    `${ms} ms`,
    ...places.flatMap((place) => builds.map((build) => spread(rates.get(`${ms} ${place} ${build}`)!))),
  ]);
  const align = (columns: readonly unknown[]) => ({ align: ['l', ...columns.slice(1).map(() => 'r')] });
  process.stdout.write(
    `tasks a second of two nodes of one thread\n${markdownTable([header, ...rows], align(header))}\n\n`,
  );
  const unequalHeader = [
    'a task sleeps',
    ...builds.map((build) => `tasks a second, ${build}`),
    ...builds.map((build) => `apart, ${build}`),
  ];
  const unequalRows = SWEEPS.map(({ ms }) => [
    `${ms} ms`,
    ...builds.map((build) => spread(mixed.get(`${ms} unequal ${build}`)!)),
    ...builds.map((build) => spread(tails.get(`${ms} apart ${build}`)!)),
  ]);
  process.stdout.write(
    `a near node of one thread and a far one of three; apart: seconds between their last results\n${markdownTable([unequalHeader, ...unequalRows], align(unequalHeader))}\n`,
  );
} finally {
  killAll();
  await sleep(200);
  network.close();
  rmSync(folder, { recursive: true, force: true });
}

/** Nodes of the second site leave the tables of a local run, byte for byte. */
async function compareTables({ url, namespace }: Place, hub: string, home: string): Promise<void> {
  const file = join(folder, 'real.yaml');
  writeFileSync(
    file,
    `name: real
title: Tasks
experiment: maximal-step-size
runs: 100
grid: {activation: tanh, depth: 3, width: 10, dataset: {kind: synthetic, examples: 20, dimensions: 5}}
search: {initialStepSize: 0.1, growth: 1.03, steps: 50, ceiling: 1.0e+4}
`,
  );
  const workers = ['a', 'b'].map((name) =>
    spawnProgram(['worker', '--nats', url, '--threads', '1', '--name', name], {
      cwd: folder,
      namespace,
      env: asWorker,
    }),
  );
  await waitFor('the workers are ready', () => workers.every(({ stderr }) => stderr.includes(' ready: ')));
  const run = async (...words: string[]) => {
    const options = { cwd: folder, silent: true, namespace: home, env: asOrchestrator };
    const { code, stderr } = await spawnProgram(['run', file, '--quiet', ...words], options).ended;
    if (code !== 0) throw new Error(`a run ended with ${code}: ${stderr}`);
  };
  await run('--out', 'local');
  await run('--out', 'remote', '--nats', hub);
  for (const name of ['table.md', 'table.csv', 'table.json', 'table.tex']) {
    const [local, remote] = ['local', 'remote'].map((out) => readFileSync(join(folder, out, name)));
    if (!local.equals(remote)) throw new Error(`${name} differs`);
  }
  await Promise.all(workers.map(killHard));
  say('tables of the second site are byte-identical to those of a local run');
}

/** When the first outcomes were recorded, how many, and when all were; in seconds. */
async function timesOf(directory: string, run: Running, tasks: number) {
  const recorded = () => journalLines(directory).length;
  const now = () => performance.now() / 1000;
  await waitFor('an outcome', () => !run.alive || recorded() > 0);
  const [first, atFirst] = [now(), recorded()];
  let last = first;
  for (let before = atFirst; before < tasks && run.alive; await sleep(5)) {
    const count = recorded();
    if (count > before) [before, last] = [count, now()];
  }
  const { code, stderr } = await run.ended;
  if (code !== 0) throw new Error(`a run ended with ${code}: ${stderr}`);
  return { first, atFirst, last };
}

/** When a node had its last result, in milliseconds. */
async function lastOf(node: Running): Promise<number> {
  node.child.kill('SIGTERM');
  const { stdout, stderr } = await node.ended;
  if (stdout === '') throw new Error(`a node said nothing: ${stderr}`);
  return (JSON.parse(stdout) as { last: number }).last;
}

/** Median, smallest and largest. */
function spread(values: readonly number[]): string {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (i: number) => sorted[i].toFixed(sorted[i] < 10 ? 2 : 0);
  return `${at(Math.floor(sorted.length / 2))} (${at(0)} to ${at(sorted.length - 1)})`;
}
