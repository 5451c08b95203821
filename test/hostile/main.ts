/**
 * Damages journals, manifests and series at random, and counts what is read with a change; then attacks a sweep on a nats-server with the
 * credentials of a worker, and counts what has an effect. Both have to be nothing. `--write FILE` also writes the report there, `--each N`
 * sets the damages of each kind, `--tasks N` the tasks of each attack, `--seed N` the randomness of the damages.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { markdownTable } from 'markdown-table';
import { describeMachine } from '../../bench/speed/machine.ts';
import {
  openSweepDirectory,
  outcomeLine,
  readManifest,
  readOutcomes,
  readSeries,
  seriesPath,
} from '../../orchestrator/directory/mod.ts';
import { EdgesweepError, type Outcome } from '../../shared/mod.ts';
import { expand, loadSweep, loadSweepOf } from '../../shared/sweep/mod.ts';
import { createPool } from '../../worker/mod.ts';
import { randomOf } from '../chaos/random.ts';
import { natsVersion } from '../support/nats-server.ts';
import { searchResult } from '../support/results.ts';
import { type Damage, OF_BYTES, OF_LINES } from './damage.ts';
import { attackWire } from './wire.ts';

const { values: options } = parseArgs({
  options: {
    write: { type: 'string' },
    each: { type: 'string', default: '700' },
    tasks: { type: 'string', default: '40' },
    seed: { type: 'string', default: '1' },
  },
});
/** Milliseconds to decode a series of a few kilobytes, some of which would take forever. */
const PATIENCE = 500;

const each = Number(options.each);
/** A user should see none of Node. */
const warnings: string[] = [];
process.on('warning', ({ message }) => warnings.push(message));
const folder = mkdtempSync(join(tmpdir(), 'edgesweep-hostile-'));

type Counts = {
  file: string;
  damage: string;
  tries: number;
  refused: number;
  same: number;
  less: number;
  changed: number;
};
/** What a reader made of a damaged file: refused it, read the same, read less, or read something else. */
type Verdict = Exclude<keyof Counts, 'file' | 'damage' | 'tries'>;

async function attack(file: string, path: string, damages: Record<string, Damage>, read: () => Promise<Verdict>) {
  const whole = readFileSync(path);
  const rows: Counts[] = [];
  for (const [name, damage] of Object.entries(damages)) {
    const random = randomOf(Number(options.seed), `${file} ${name}`);
    const counts: Counts = { file, damage: name, tries: each, refused: 0, same: 0, less: 0, changed: 0 };
    for (let i = 0; i < each; i++) {
      writeFileSync(path, damage(whole, random));
      counts[await read().catch(verdictOf)] += 1;
    }
    rows.push(counts);
  }
  writeFileSync(path, whole);
  return rows;
}

/** Only an error with a code counts as refused. */
function verdictOf(error: unknown): Verdict {
  if (error instanceof EdgesweepError) return 'refused';
  throw error;
}

async function attackJournal(): Promise<Counts[]> {
  const sweep = loadSweepOf('maximal-step-size', 'table-4.1', { flags: { runs: 10 } });
  const { cells, runs, task } = expand(sweep);
  const provenance = { engine: 'simd', host: 'here', seconds: 1, version: '0', node: 'v20', attempts: 1 };
  const outcomes = cells.flatMap((cell, c) =>
    Array.from({ length: runs }, (_, run): Outcome => {
      const result = searchResult(cell.search, 100 * c + run, { iteration: 10 + run });
      return { task: task(c, run), result, provenance };
    }),
  );
  const path = join(folder, 'journal', 'outcomes.jsonl');
  mkdirSync(dirname(path));
  writeFileSync(path, outcomes.map(outcomeLine).join(''));
  const known = new Set(outcomes.map((outcome) => JSON.stringify(outcome)));
  return attack('journal', path, { ...OF_BYTES, ...OF_LINES }, async () => {
    const read = new Set<string>();
    for await (const outcome of readOutcomes(path)) read.add(JSON.stringify(outcome));
    if ([...read].some((text) => !known.has(text))) return 'changed';
    return read.size === known.size ? 'same' : 'less';
  });
}

async function attackDirectory(): Promise<Counts[]> {
  const sweep = loadSweep('figure-3.1', { flags: { set: ['trajectory.iterations=20', 'grid.activation=tanh'] } });
  const directory = join(folder, 'trajectory');
  const opened = await openSweepDirectory(directory, sweep, {
    command: ['run', 'figure-3.1'],
    softwareVersion: '0.1.0',
  });
  const pool = createPool({ threads: 1, engine: 'simd' });
  const { outcome, file } = await pool.run(expand(sweep).task(0, 0), 1);
  await pool.close();
  await opened.append(outcome, file);
  await opened.close();
  const columns = JSON.stringify(
    [...(await readSeries(directory, outcome)).columns].map(([name, v]) => [name, [...v]]),
  );
  const manifest = JSON.stringify(await readManifest(directory));
  return [
    ...(await attack('series', seriesPath(directory, outcome.task), OF_BYTES, async () => {
      const series = await readSeries(directory, outcome, PATIENCE);
      const read = JSON.stringify([...series.columns].map(([name, v]) => [name, [...v]]));
      return read === columns ? 'same' : 'changed';
    })),
    ...(await attack('manifest', join(directory, 'manifest.json'), OF_BYTES, async () =>
      JSON.stringify(await readManifest(directory)) === manifest ? 'same' : 'changed',
    )),
  ];
}

const rows = [...(await attackJournal()), ...(await attackDirectory())];
rmSync(folder, { recursive: true, force: true });
const attacks = await attackWire(Number(options.tasks));
const { revision, node } = await describeMachine();
const sum = (key: 'tries' | 'changed') => rows.reduce((total, row) => total + row[key], 0);
const sumOf = (key: 'messages' | 'accepted') => attacks.reduce((total, row) => total + row[key], 0);
const report = `# Damage and attacks

## Damage to recorded results

Made by \`make hostile\`, revision ${revision}, Node ${node}, ${natsVersion()}, seed ${options.seed}. Files of sweep directories are damaged at random, and read as every command
reads them. **${sum('changed')} of ${sum('tries')} damages were read with a change.**

${markdownTable(
  [
    ['file', 'damage', 'tries', 'refused', 'read the same', 'read less', 'read with a change'],
    ...rows.map(({ file, damage, tries, refused, same, less, changed }) =>
      [file, damage, tries, refused, same, less, changed].map(String),
    ),
  ],
  { align: ['l', 'l', 'r', 'r', 'r', 'r', 'r'] },
)}

- *refused*: the reader names the file, and the line of a journal; \`edgesweep repair\` moves it aside.
- *read the same*: the damage changed nothing that is read, such as a line of the journal that occurs twice, or metadata of a
  Parquet file.
- *read less*: the end of a journal is missing. A torn last line is what a killed writer leaves: its outcome was never acknowledged, and its task
  is computed again. Whole lines that are cut off cannot be told from lines that were never written; their tasks are computed again too.
- \`swap\`: results, digests, runs or step sizes of two lines. \`duplicateKey\`: a second \`stepSize\` in one object. \`forgedNumber\`: one number of a
  result times -1, 1e300, 1.01, 0 or 1000.

## Attacks on the wire

An attacker with the credentials of a worker, on a nats-server with \`deploy/nats-server.conf\`, sends messages before a run of ${options.tasks} tasks and again in the
middle of it; one honest node computes. **${sumOf('accepted')} of ${sumOf('messages')} messages had an effect.**

${markdownTable(
  [
    ['attack', 'messages', 'with an effect', 'tasks without a result'],
    ...attacks.map(({ attack, messages, accepted, withheld }) => [attack, messages, accepted, withheld].map(String)),
  ],
  { align: ['l', 'r', 'r', 'r'] },
)}

- *with an effect*: a result or a series was recorded that is not the true one; a message of another sweep was erased, or the settings of a stream were
  changed; a control character was printed.
- *tasks without a result*: those that failed in the run.
- Not in the table: a result that is possible for its task and false cannot be told from a true one by its form. \`--trusted-keys\` refuses it
  unless a trusted node signed it, and \`--audit\` finds it with the probability that it states; see [cluster.md](cluster.md). A worker may also
  set the tasks of its sweeps aside; \`edgesweep retry\` sends them again.
- \`test/cluster/restricted.test.ts\` has the attacks on inboxes and subscriptions, \`test/cluster/hoarding.test.ts\` the worker that takes all tasks.
`;
process.stdout.write(report);
if (options.write !== undefined) writeFileSync(options.write, report);
process.exit(sum('changed') + sumOf('accepted') + warnings.length === 0 ? 0 : 1);
