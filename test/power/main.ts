/**
 * Cuts the power at many points of recorded runs: replays what they wrote up to the cut on a disk that may lose or tear whatever was not synced,
 * opens what is left, and finishes the sweep. `--write FILE` also writes the report there, `--cuts N` sets the number per run, `--seed N` the
 * randomness.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { markdownTable } from 'markdown-table';
import { describeMachine } from '../../bench/speed/machine.ts';
import {
  openSweepDirectory,
  readOutcomes,
  readSweep,
  repairDirectory,
  seriesPath,
} from '../../orchestrator/directory/mod.ts';
import { EdgesweepError, type Outcome, seriesOf } from '../../shared/mod.ts';
import type { Sweep } from '../../shared/sweep/mod.ts';
import { randomOf } from '../chaos/random.ts';
import { outcomesText } from '../support/sweep-directory.ts';
import { Disk } from './disk.ts';
import { type Call, parseTrace, TRACED } from './trace.ts';

const { values: options } = parseArgs({
  options: {
    write: { type: 'string' },
    cuts: { type: 'string', default: '500' },
    seed: { type: 'string', default: '1' },
  },
});
const PROGRAM = new URL('../../dist/program/main.js', import.meta.url).pathname;
/** Every so many cuts, the program itself finishes the sweep; otherwise what it computed before is appended. */
const RERUN_EACH = 50;
const RUNS = {
  'results of 100 short searches': ['smoke', '--runs', '50'],
  'series and checkpoints of 6 trainings': [
    'figure-3.1',
    '--runs',
    '3',
    '--set',
    'trajectory.iterations=15',
    '--checkpoint',
    '0',
  ],
};

if (spawnSync('strace', ['-V']).status !== 0) {
  console.log('skipped: strace is missing; on Debian, apt-get install strace');
  process.exit(0);
}

type Whole = { directory: string; sweep: Sweep; outcomes: Outcome[]; words: readonly string[] };
type Counts = {
  run: string;
  calls: number;
  cuts: number;
  opened: number;
  reported: number;
  lost: number;
  changed: number;
  stuck: number;
};

async function record(root: string, words: readonly string[]): Promise<{ whole: Whole; calls: Call[] }> {
  const [trace, directory] = [join(dirname(root), 'trace'), join(root, 'sweep')];
  const run = [PROGRAM, 'run', ...words, '--json', '--threads', '1', '--out', directory];
  execFileSync(
    'strace',
    ['-f', '-y', '-xx', '-s', '67108864', '-e', `trace=${TRACED}`, '-o', trace, process.execPath, ...run],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, UV_USE_IO_URING: '0' },
      maxBuffer: 1 << 28,
    },
  );
  const calls = parseTrace(readFileSync(trace, 'latin1'), root);
  const outcomes: Outcome[] = [];
  for await (const outcome of readOutcomes(directory)) outcomes.push(outcome);
  return { whole: { directory, sweep: await readSweep(directory), outcomes, words }, calls };
}

/** How many outcomes the program has reported as done, when it wrote this to standard output. */
function doneIn(call: Call): number | undefined {
  if (call.call !== 'write' || call.fd !== 1) return undefined;
  const found = [...call.bytes.toString().matchAll(/"event":"(?:start|progress|end)","done":(\d+)/g)].at(-1);
  return found && Number(found[1]);
}

function materialize(left: Map<string, Buffer | 'folder'>, from: string, to: string): void {
  rmSync(to, { recursive: true, force: true });
  for (const [path, content] of left) {
    const target = path.replace(from, to);
    if (content === 'folder') mkdirSync(target, { recursive: true });
    else writeFileSync(target, content);
  }
}

async function check(
  directory: string,
  whole: Whole,
  done: number,
  rerun: boolean,
): Promise<Exclude<keyof Counts, 'run' | 'calls' | 'cuts'>> {
  const open = () => openSweepDirectory(directory, whole.sweep, { command: [], softwareVersion: '0.1.0' });
  let verdict: 'opened' | 'reported' = 'opened';
  let opened: Awaited<ReturnType<typeof open>>;
  try {
    opened = await open();
  } catch (error) {
    if (!(error instanceof EdgesweepError)) throw error;
    verdict = 'reported';
    try {
      await repairDirectory(directory);
      opened = await open();
    } catch (again) {
      console.error(again);
      return 'stuck';
    }
  }
  const known = new Set(whole.outcomes.map((outcome) => JSON.stringify(outcome)));
  const recorded = new Set<string>();
  for await (const outcome of readOutcomes(directory)) recorded.add(JSON.stringify(outcome));
  if ([...recorded].some((text) => !known.has(text))) return 'changed';
  // the journal has them in the order in which they were reported
  if (
    whole.outcomes.slice(0, done).some((outcome) => !recorded.has(JSON.stringify(outcome)) || !opened.has(outcome.task))
  )
    return 'lost';
  if (!rerun) {
    for (const outcome of whole.outcomes) {
      const file =
        seriesOf(outcome) !== undefined ? readFileSync(seriesPath(whole.directory, outcome.task)) : undefined;
      if (!opened.has(outcome.task)) await opened.append(outcome, file);
    }
  }
  await opened.close();
  if (rerun)
    execFileSync(process.execPath, [PROGRAM, 'run', ...whole.words, '--quiet', '--out', directory], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  if (outcomesText(directory) !== outcomesText(whole.directory)) return 'changed';
  for (const { task } of whole.outcomes.filter((outcome) => seriesOf(outcome) !== undefined)) {
    if (!readFileSync(seriesPath(directory, task)).equals(readFileSync(seriesPath(whole.directory, task))))
      return 'changed';
  }
  return verdict;
}

async function attack(run: string, words: readonly string[], folder: string): Promise<Counts> {
  const root = join(folder, 'disk');
  mkdirSync(root, { recursive: true });
  const { whole, calls } = await record(root, words);
  const random = randomOf(Number(options.seed), run);
  const cuts = Number(options.cuts);
  const counts: Counts = { run, calls: calls.length, cuts, opened: 0, reported: 0, lost: 0, changed: 0, stuck: 0 };
  const points = Array.from({ length: cuts }, () => Math.floor(random() * (calls.length + 1))).sort((a, b) => a - b);
  const disk = new Disk(root);
  let [at, done] = [0, 0];
  for (const [i, point] of points.entries()) {
    for (; at < point; at += 1) {
      disk.apply(calls[at]);
      done = doneIn(calls[at]) ?? done;
    }
    const crashed = join(folder, 'crashed');
    materialize(disk.crash(random), root, crashed);
    counts[await check(join(crashed, 'sweep'), whole, done, i % RERUN_EACH === 0)] += 1;
  }
  return counts;
}

const folder = mkdtempSync(join(tmpdir(), 'edgesweep-power-'));
const rows: Counts[] = [];
for (const [i, [run, words]] of Object.entries(RUNS).entries())
  rows.push(await attack(run, words, join(folder, String(i))));
rmSync(folder, { recursive: true, force: true });
const { revision, node } = await describeMachine();
const faults = rows.reduce((sum, { lost, changed, stuck }) => sum + lost + changed + stuck, 0);
const table = markdownTable(
  [
    ['run', 'calls', 'cuts', 'opened', 'repaired first', 'reported, then lost', 'changed', 'beyond repair'],
    ...rows.map(({ run, calls, cuts, opened, reported, lost, changed, stuck }) => [
      run,
      ...[calls, cuts, opened, reported, lost, changed, stuck].map(String),
    ]),
  ],
  { align: ['l', 'r', 'r', 'r', 'r', 'r', 'r', 'r'] },
);
const text = readFileSync(new URL('./report.md', import.meta.url), 'utf8');
const report = text
  .replace('TABLE', table)
  .replace('REVISION', revision)
  .replace('NODE', node)
  .replace('SEED', options.seed)
  .replace('FAULTS', `**${faults} faults in ${rows.reduce((sum, { cuts }) => sum + cuts, 0)} cuts.**`);
process.stdout.write(report);
if (options.write !== undefined) writeFileSync(options.write, report);
process.exitCode = faults === 0 ? 0 : 1;
