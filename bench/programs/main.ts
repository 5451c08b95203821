/** Tasks a second with programs that do nothing; see `--help`. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchNats } from '../../test/support/nats-server.ts';
import { killAll, killHard, PROGRAM, spawnProgram } from '../../test/support/processes.ts';
import { waitFor } from '../../test/support/wait-for.ts';

const HELP = `node --import tsx bench/programs/main.ts

Needs the built package, nats-server and an idle machine; takes about a minute. Prints, each the best of three rounds:

  persistent, local   tasks a second, two slots, without the start of edgesweep
  persistent, NATS    the same over a server, with one worker node
  one-shot            milliseconds per task beyond those of the program alone, one slot
`;

if (process.argv.includes('--help')) {
  process.stdout.write(HELP);
  process.exit(0);
}

const ROUNDS = 3;
const [FEW, MANY] = [1000, 11_000];
const folder = mkdtempSync(join(tmpdir(), 'edgesweep-bench-'));
cpSync(new URL('../../docs/programs/edgesweep-task.mjs', import.meta.url), join(folder, 'edgesweep-task.mjs'));
writeFileSync(
  join(folder, 'nothing.mjs'),
  "import { serve } from './edgesweep-task.mjs';\nserve(({ params }) => ({ loss: params.x }));\n",
);
writeFileSync(join(folder, 'nothing.sh'), 'echo \'{"loss": 1}\' >&3\n');

function writeSweep(name: string, runs: number, program: string): string {
  const path = join(folder, `${name}.yaml`);
  const head = `name: ${name}\ntitle: Nothing\nexperiment: program\nprogram: {name: nothing, ${program}}\n`;
  writeFileSync(path, `${head}runs: ${runs / 10}\ngrid: {params.x: {from: 1, to: 10, step: 1}}\n`);
  return path;
}

let runs = 0;

/** Seconds of a run of the sweep. */
async function secondsOf(sweep: string, words: readonly string[]): Promise<number> {
  const started = performance.now();
  const run = spawnProgram(['run', sweep, '--quiet', '--out', `out-${runs++}`, ...words], { cwd: folder });
  const { code, stderr } = await run.ended;
  if (code !== 0) throw new Error(`a run ended with ${code}: ${stderr}`);
  return (performance.now() - started) / 1000;
}

const PERSISTENT = `command: [${process.execPath}, nothing.mjs], mode: persistent`;

/** The best rate of some rounds: what is beside it only slows. */
async function rateOf(words: readonly string[]): Promise<number> {
  let best = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const few = await secondsOf(writeSweep(`few-${round}`, FEW, PERSISTENT), words);
    const many = await secondsOf(writeSweep(`many-${round}`, MANY, PERSISTENT), words);
    best = Math.max(best, (MANY - FEW) / (many - few));
  }
  return best;
}

async function overhead(): Promise<number> {
  const [few, many] = [100, 500];
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const started = performance.now();
    const stdio = ['ignore', 'ignore', 'ignore', 'pipe'] as const;
    for (let i = 0; i < few; i++) spawnSync('/bin/sh', ['nothing.sh'], { cwd: folder, stdio: [...stdio] });
    const alone = (performance.now() - started) / few;
    const once = (count: number) =>
      secondsOf(writeSweep(`once-${count}`, count, 'command: [/bin/sh, nothing.sh]'), ['--slots', '1']);
    const [first, second] = [await once(few), await once(many)];
    best = Math.min(best, (1000 * (second - first)) / (many - few) - alone);
  }
  return best;
}

try {
  const [load] = loadavg();
  if (load > 0.5)
    process.stderr.write(`warning: the load is ${load.toFixed(1)}; on an idle machine the numbers are better\n`);
  process.stdout.write(`${PROGRAM}, Node ${process.versions.node}\n`);
  process.stdout.write(`persistent, local   ${(await rateOf(['--slots', '2'])).toFixed(0)} tasks a second\n`);
  mkdirSync(join(folder, 'nats'));
  const server = await launchNats({ folder: join(folder, 'nats'), env: process.env });
  const url = ['--nats', server.url];
  const allow = ['--allow', `nothing=${process.execPath} nothing.mjs`, '--slots', '2', '--threads', '1'];
  const worker = spawnProgram(['worker', ...url, ...allow], { cwd: folder });
  await waitFor('the worker', () => worker.stderr.includes(' ready: '));
  process.stdout.write(`persistent, NATS    ${(await rateOf(url)).toFixed(0)} tasks a second\n`);
  await killHard(worker);
  await killHard(server.process);
  process.stdout.write(`one-shot            ${(await overhead()).toFixed(1)} ms per task beyond the program's own\n`);
} finally {
  killAll();
  rmSync(folder, { recursive: true, force: true });
}
