import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, type TestContext, test } from 'vitest';
import { openSweepDirectory, readOutcomes, readSeries, seriesPath } from '../../orchestrator/directory/mod.ts';
import { columnsOf, readRuns } from '../../orchestrator/runs/mod.ts';
import { type Outcome, packageRoot } from '../../shared/mod.ts';
import { expand } from '../../shared/sweep/mod.ts';
import { codeBlocks, inProcess, makeFolder } from '../support/mod.ts';
import { allTasks, makeOutcome, makeSweep, OPEN_OPTIONS } from '../unit/directory/support.ts';
import { pythonEnvironment } from '../unit/dump/support.ts';

/** The one of `make test-readers`; else whichever is there. */
const PYTHON = process.env.EDGESWEEP_TEST_READERS ?? 'python3';

type Read = { types: Record<string, string>; rows: Record<string, unknown>[] };

function requireReaders({ skip }: Pick<TestContext, 'skip'>): void {
  const { status } = spawnSync(PYTHON, ['-c', 'import duckdb, pandas, polars, pyarrow'], { env: pythonEnvironment() });
  if (status === 0) return;
  const reason = `${PYTHON} lacks pandas, PyArrow, DuckDB or Polars; \`make test-readers\` installs them`;
  if (process.env.EDGESWEEP_TEST_READERS !== undefined) throw new Error(reason);
  console.warn(`skipped: ${reason}`);
  skip(reason);
}

/** What each library reads from each file. */
function read(...files: string[]): Record<'pandas' | 'duckdb', Read>[] {
  const script = fileURLToPath(new URL('../../peers/readers.py', import.meta.url));
  const text = execFileSync(PYTHON, [script, ...files], { env: pythonEnvironment(), encoding: 'utf8' });
  const read = JSON.parse(text) as Record<string, Record<'pandas' | 'duckdb', Read>>;
  return files.map((file) => read[file]);
}

/** What an export of the directory has to hold. */
async function exported(directory: string) {
  const runs = await readRuns(directory, true);
  const columns = columnsOf(runs);
  const rows = runs.runs.map((run) => Object.fromEntries(columns.map((column) => [column.name, column.read(run)])));
  return { columns, rows };
}

test('pandas and DuckDB read exports as CSV and Parquet: every value, type and gap', async (context) => {
  requireReaders(context);
  const directory = join(makeFolder(), 'out');
  // a seed that no 32-bit integer and no float32 holds; results with and without a divergence
  const sweep = makeSweep({ seed: 2 ** 53 - 1 });
  const open = await openSweepDirectory(directory, sweep, OPEN_OPTIONS);
  for (const [i, task] of allTasks(expand(sweep)).entries()) await open.append(makeOutcome(task, {}, 300 + i));
  await open.close();
  const [csv, parquet] = ['smoke.csv', 'smoke.parquet'].map((name) => join(directory, name));
  for (const out of [csv, parquet]) {
    expect(await inProcess(['export', directory, '--out', out], { cwd: '.' })).toMatchObject({ code: 0 });
  }

  const { columns, rows: expected } = await exported(directory);
  expect(expected).toHaveLength(8);
  expect(expected[0]).toMatchObject({ seed: 2 ** 53 - 1, rung: 300, node: 'höst' });
  const [fromCsv, fromParquet] = read(csv, parquet);
  for (const { pandas, duckdb } of [fromCsv, fromParquet]) {
    expect(pandas.rows).toEqual(expected);
    expect(duckdb.rows).toEqual(expected);
  }
  const shown = python(
    directory,
    `${example('docs/commands.md')}print(len(runs), runs["divergence.kind"].unique(), means.fetchall())`,
  );
  expect(shown).toMatch(/^8 .*'nan'.* \[\('relu', [\d.]+\), \('tanh', [\d.]+\)\]\n$/s);

  const typed = (types: Record<string, string>, names: Record<string, string>) =>
    Object.fromEntries(columns.map(({ name, type }) => [name, names[type] ?? types[name]]));
  expect(fromParquet.pandas.types).toEqual(
    typed(fromParquet.pandas.types, { integer: 'int64[pyarrow]', number: 'double[pyarrow]', boolean: 'bool[pyarrow]' }),
  );
  expect(fromParquet.duckdb.types).toEqual(
    typed(fromParquet.duckdb.types, { integer: 'BIGINT', number: 'DOUBLE', boolean: 'BOOLEAN', string: 'VARCHAR' }),
  );
});

/** The first program in Python that a document shows. */
function example(document: string): string {
  const [program] = codeBlocks(document, 'python');
  if (program === undefined) throw new Error(`${document} shows no program in Python`);
  return program;
}

const GUIDE = 'docs/how-to/parquet.md';

/** A folder in which the commands of the guide ran. */
async function followGuide(): Promise<string> {
  const cwd = makeFolder();
  for (const words of [
    ['run', 'smoke', '--quiet'],
    ['export', 'results/smoke', '--out', 'smoke.parquet'],
    ['init', 'sharpness', '--experiment', 'trajectory'],
    ['run', 'sharpness.yaml', '--quiet'],
    ['export', 'results/sharpness', '--out', 'sharpness.parquet'],
  ])
    expect(await inProcess(words, { cwd })).toMatchObject({ code: 0 });
  return cwd;
}

test('the programs in Python of the guide run as they stand', async (context) => {
  requireReaders(context);
  const cwd = await followGuide();
  const [pandas, duckdb, polars, series, ...rest] = codeBlocks(GUIDE, 'python').map((program) => python(cwd, program));
  expect(rest).toEqual([]);
  expect(pandas).toMatch(/activation +\nlinear +[\d.]+ +[\d.]+ +3\ntanh +[\d.]+ +[\d.]+ +3\n/);
  expect(duckdb).toMatch(/^\[\('linear', [\d.]+\), \('tanh', [\d.]+\)\]\n$/);
  expect(polars).toMatch(/linear[^\d]+[\d.]+.*\n.*tanh[^\d]+[\d.]+/);
  expect(series).toMatch(/^([\d.]+ [\d.]+ [\d.]+\n)+$/);
});

/** R with nanoparquet, which Debian does not package: for example `EDGESWEEP_TEST_R=Rscript`. */
const R = process.env.EDGESWEEP_TEST_R;

test('the programs in R of the guide run as they stand', async ({ skip }) => {
  if (R === undefined) {
    const reason = 'EDGESWEEP_TEST_R does not name an Rscript that has the package nanoparquet';
    console.warn(`skipped: ${reason}`);
    return skip(reason);
  }
  const cwd = await followGuide();
  const [runs, series] = codeBlocks(GUIDE, 'r').map((program) =>
    execFileSync(R, ['-e', program], { cwd, encoding: 'utf8' }),
  );
  expect(runs).toMatch(/activation +stepSize\n1 +linear +[\d.]+\n2 +tanh +[\d.]+\n/);
  expect(series).toMatch(/^(\[1\] [\d.]+\n)+$/);
});

const python = (cwd: string, program: string): string =>
  execFileSync(PYTHON, ['-c', program], { cwd, env: pythonEnvironment(), encoding: 'utf8' });

/** A value of a series as its file has it. */
function inFile(name: string, value: number): number | boolean | null {
  if (Number.isNaN(value)) return null;
  return /_converged(_|$)/.test(name) ? value === 1 : value;
}

/** @returns the rows that both libraries read */
async function expectSameSeries(directory: string, outcome: Outcome): Promise<Record<string, unknown>[]> {
  const { rows, columns } = await readSeries(directory, outcome);
  const expected = Array.from({ length: rows }, (_, row) =>
    Object.fromEntries([...columns].map(([name, values]) => [name, inFile(name, values[row])])),
  );
  const [{ pandas, duckdb }] = read(seriesPath(directory, outcome.task));
  expect(pandas.rows).toEqual(expected);
  expect(duckdb.rows).toEqual(expected);
  return expected;
}

test('pandas and DuckDB read the series of a training, with gaps where nothing was measured', async (context) => {
  requireReaders(context);
  const cwd = makeFolder();
  const sweep = `name: series
title: A series
experiment: trajectory
grid: {activation: tanh, depth: 2, width: 4, dataset: {kind: synthetic, examples: 10, dimensions: 4}, scheme: {kind: constant, stepSize: 0.1}}
trajectory: {iterations: 12, every: 5}
`;
  writeFileSync(join(cwd, 'series.yaml'), sweep);
  expect(await inProcess(['run', 'series.yaml', '--quiet'], { cwd })).toMatchObject({ code: 0 });
  const directory = join(cwd, 'results', 'series');
  for await (const outcome of readOutcomes(directory)) {
    const expected = await expectSameSeries(directory, outcome);
    expect(expected.filter(({ sharpness }) => sharpness !== null)).toHaveLength(3);
  }

  const query = example('docs/trajectories.md').replace('figure-3.1', 'series');
  expect(python(cwd, query.replace(/^duckdb\.sql.*/m, 'print($&.fetchall())'))).toMatch(/^\[\(1, .*\(6, .*\(11, /);
});

test('pandas and DuckDB read the export and the series of a program', async (context) => {
  requireReaders(context);
  const cwd = makeFolder();
  cpSync(join(packageRoot(), 'docs/programs/edgesweep-task.mjs'), join(cwd, 'edgesweep-task.mjs'));
  const program = `import { serve } from './edgesweep-task.mjs';
serve(({ params, run }, step) => {
  for (const at of [0, 5, 20]) step(at, { loss: params.lr / (1 + at), ...(at > 0 && { accuracy: at > 5 ? NaN : 0.1 * at }) });
  return { loss: params.lr + run, ...(run === 0 && { parameters: 2 ** 53 - 1 }) };
});
`;
  writeFileSync(join(cwd, 'train.mjs'), program);
  const sweep = `name: program
title: A program
experiment: program
program: {name: train, command: [${process.execPath}, train.mjs], mode: persistent, files: ["*.mjs"], metrics: {loss: min}}
runs: 2
grid: {params.lr: [0.1, 1.0e-7], params.norm: "höst, \\"b\\"", params.layers: [[64, 64]], params.skip: [true, false]}
`;
  writeFileSync(join(cwd, 'program.yaml'), sweep);
  const run = await inProcess(['run', 'program.yaml', '--quiet'], { cwd });
  expect(run, run.stderr).toMatchObject({ code: 0 });
  const directory = join(cwd, 'results', 'program');
  const [csv, parquet] = ['program.csv', 'program.parquet'].map((name) => join(directory, name));
  for (const out of [csv, parquet]) {
    expect(await inProcess(['export', directory, '--out', out], { cwd: '.' })).toMatchObject({ code: 0 });
  }
  const { rows } = await exported(directory);
  expect(rows).toHaveLength(8);
  expect(rows[0]).toMatchObject({ 'params.lr': 0.1, 'params.layers': '[64,64]', 'params.skip': true, run: 0 });
  for (const { pandas, duckdb } of read(csv, parquet)) {
    expect(pandas.rows).toEqual(rows);
    expect(duckdb.rows).toEqual(rows);
  }
  for await (const outcome of readOutcomes(directory)) {
    expect(await expectSameSeries(directory, outcome)).toMatchObject([
      { step: 0, accuracy: null },
      { step: 5, accuracy: 0.5 },
      { step: 20, accuracy: null },
    ]);
  }
});
