/**
 * A second site with a leaf node, 100 ms and 1 % loss away: tasks a second there against those near the server, and whether the tables are
 * the same byte for byte. Prints a table; `--delay MS`, `--loss SHARE`, `--rounds N`. Needs the built package, nats-server, root and an
 * idle machine of two cores.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { markdownTable } from 'markdown-table';
import { makeNetwork } from '../../test/chaos/network.ts';
import { slowDown } from '../../test/chaos/slow-link.ts';
import { killAll, killHard, type Running, spawnProgram } from '../../test/support/processes.ts';
import { waitFor } from '../../test/support/wait-for.ts';
import { asOrchestrator, asWorker, startHub, startLeaf } from './sites.ts';

const { values } = parseArgs({
  options: {
    delay: { type: 'string', default: '100' },
    loss: { type: 'string', default: '0.01' },
    rounds: { type: 'string', default: '3' },
  },
});

/** By what a task takes about: so many tasks, with steps and examples that make them as long. */
const SWEEPS = [
  { task: '2 ms', runs: 200, examples: 20, steps: 50 },
  { task: '50 ms', runs: 60, examples: 100, steps: 300 },
  { task: '1 s', runs: 10, examples: 400, steps: 1600 },
] as const;
const WORKERS = 2;

type Place = { name: string; url: string; namespace: string };
let seed = 0;

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
  const [hub, near, far] = network.links;
  await slowDown(far, Number(values.delay), Number(values.loss));
  const server = await startHub(folder, hub);
  const leaf = await startLeaf(folder, far, hub);
  const places: Place[] = [
    { name: 'near the server', url: server.url, namespace: near.namespace },
    { name: 'second site, no leaf node', url: server.url, namespace: far.namespace },
    { name: 'second site, leaf node', url: leaf.url, namespace: far.namespace },
  ];
  const rows: string[][] = [];
  for (const sweep of SWEEPS) {
    const local: number[] = [];
    const rates: number[][] = places.map(() => []);
    for (let round = 0; round < Number(values.rounds); round++) {
      for (const [i, place] of places.entries()) {
        // a sweep of its own: the server keeps the results of others
        const file = writeSweep(++seed, sweep);
        const rate = sweep.runs / (await timeAt(place, file, server.url, hub.namespace));
        rates[i].push(rate);
        say(`${sweep.task}, ${place.name}: ${rate.toFixed(2)} tasks a second`);
        if (round > 0) continue;
        local.push(
          sweep.runs / (await timed(['run', file, '--threads', '2', '--out', `local-${seed}`], hub.namespace)),
        );
        for (const name of ['table.md', 'table.csv', 'table.json', 'table.tex']) {
          const [ours, theirs] = ['local', 'out'].map((out) => readFileSync(join(folder, `${out}-${seed}`, name)));
          if (!ours.equals(theirs)) throw new Error(`${place.name}: ${name} differs`);
        }
      }
    }
    rows.push([sweep.task, spread(local), ...rates.map(spread)]);
    say(rows.at(-1)?.join(' | ') ?? '');
  }
  const header = ['a task takes', 'without a server', ...places.map(({ name }) => name)];
  process.stdout.write(`${markdownTable([header, ...rows], { align: ['l', ...header.slice(1).map(() => 'r')] })}\n`);
} finally {
  killAll();
  network.close();
  rmSync(folder, { recursive: true, force: true });
}

function writeSweep(number: number, { runs, examples, steps }: (typeof SWEEPS)[number]): string {
  const file = join(folder, `sweep-${number}.yaml`);
  writeFileSync(
    file,
    `name: sweep-${number}
title: Tasks
seed: ${number}
experiment: maximal-step-size
runs: ${runs}
grid: {activation: tanh, depth: 3, width: 10, dataset: {kind: synthetic, examples: ${examples}, dimensions: 5}}
search: {initialStepSize: 0.1, growth: 1.03, steps: ${steps}, ceiling: 1.0e+4}
`,
  );
  return file;
}

/** Seconds of the sweep, with two workers in that place and the orchestrator beside the server. */
async function timeAt(place: Place, file: string, url: string, home: string): Promise<number> {
  const workers = Array.from({ length: WORKERS }, (_, i) =>
    spawnProgram(['worker', '--nats', place.url, '--threads', '1', '--name', `w${i}`], {
      cwd: folder,
      namespace: place.namespace,
      env: asWorker,
    }),
  );
  await waitFor('the workers are ready', () => workers.every(({ stderr }) => stderr.includes(' ready: ')));
  const seconds = await timed(['run', file, '--nats', url, '--out', `out-${seed}`], home);
  await Promise.all(workers.map(killHard));
  return seconds;
}

async function timed(words: string[], namespace: string): Promise<number> {
  const started = performance.now();
  const run: Running = spawnProgram([...words, '--quiet'], {
    cwd: folder,
    silent: true,
    namespace,
    env: asOrchestrator,
  });
  const { code, stderr } = await run.ended;
  if (code !== 0) throw new Error(`a run ended with ${code}: ${stderr}`);
  return (performance.now() - started) / 1000;
}

/** Median, smallest and largest. */
function spread(values: readonly number[]): string {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (i: number) => sorted[i].toFixed(sorted[i] < 10 ? 2 : 0);
  return `${at(Math.floor(sorted.length / 2))} (${at(0)} to ${at(sorted.length - 1)})`;
}
