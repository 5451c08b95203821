import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { forgedLine, inProcess, journalLines, makeFolder, start, waitFor, writeSweep } from '../support/mod.ts';

/** Two activations of two depths, 3 runs. */
const makeSweep = (folder: string): string =>
  writeSweep(folder, {
    grid: '{activation: [linear, tanh], depth: [2, 3], width: 4, dataset: {kind: synthetic, examples: 20, dimensions: 4}}',
    search: '{initialStepSize: 0.1, growth: 1.1, steps: 20, ceiling: 1.0e+4}',
  });

describe('expand', () => {
  it('lists the cells and counts the tasks, without running', async () => {
    const cwd = makeFolder();
    const sweep = makeSweep(cwd);
    const { code, stdout, stderr } = await inProcess(['expand', sweep, '--runs', '5'], { cwd });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(6);
    expect(lines[0]).toMatch(/^all cells: width 4, dataset.kind synthetic,/);
    expect(lines[2]).toBe('1  activation linear, depth 3');
    expect(lines[5]).toBe('probe: 4 cells, 5 runs each, 20 tasks');
  });

  it('gives a JSON object a cell', async () => {
    const cwd = makeFolder();
    const { code, stdout } = await inProcess(['expand', makeSweep(cwd), '--json', '--set', 'grid.depth=2'], { cwd });
    expect(code).toBe(0);
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toMatchObject([
      { cell: 0, runs: 3, activation: 'linear', depth: 2, initialization: 'pytorch-default' },
      { cell: 1, runs: 3, activation: 'tanh', depth: 2 },
    ]);
  });
});

it('schema is the JSON Schema of sweep files', async () => {
  const { code, stdout, stderr } = await inProcess(['schema'], { cwd: makeFolder() });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const whole = JSON.parse(stdout);
  expect(whole).toMatchObject({ $schema: 'https://json-schema.org/draft/2020-12/schema' });
  const [schema] = whole.oneOf;
  expect(schema).toMatchObject({
    type: 'object',
    additionalProperties: false,
    required: expect.arrayContaining(['name', 'title', 'experiment', 'grid']),
  });
  expect(Object.keys(schema.properties)).toEqual(expect.arrayContaining(['grid', 'search', 'runs', 'zip', 'exclude']));
  // an editor has to find a description for every key of the search
  for (const part of Object.values<{ description?: string }>(schema.properties.search.properties)) {
    expect(part.description).toMatch(/\S/);
  }
});

/** The sweep, run into `done`, of which only some outcomes are left unless told otherwise. */
async function makeDirectory({ kept = 12 } = {}): Promise<string> {
  const cwd = makeFolder();
  const ended = await inProcess(['run', makeSweep(cwd), '--out', 'done', '--threads', '1', '--quiet'], { cwd });
  expect(ended).toMatchObject({ code: 0, stderr: '' });
  const lines = journalLines(join(cwd, 'done')).slice(0, kept);
  writeFileSync(join(cwd, 'done', 'outcomes.jsonl'), lines.map((line) => `${line}\n`).join(''));
  return cwd;
}

describe('status', () => {
  it('counts what is done, cell by cell, of a partial directory', async () => {
    const cwd = await makeDirectory({ kept: 7 });
    const text = await inProcess(['status', 'done'], { cwd });
    expect(text).toMatchObject({ code: 0, stderr: '' });
    const [first, resume, common, ...cells] = text.stdout.trimEnd().split('\n');
    expect(first).toBe('probe: 7 done, 5 pending, 12 in all');
    const command = `edgesweep run ${join(cwd, 'probe.yaml')} --out done --threads 1 --quiet`;
    expect(resume).toBe(`  not running; to resume, rerun: ${command}`);
    expect(common).toMatch(/^ {2}all cells: width 4, /);
    const counts = cells.map((line) => Number(/^ {2}(\d) of 3 {2}activation /.exec(line)?.[1]));
    expect(counts).toHaveLength(4);
    expect(counts.reduce((sum, count) => sum + count)).toBe(7);
    const json = await inProcess(['status', 'done', 'done', '--json'], { cwd });
    const counted = { done: 7, pending: 5, total: 12, rate: null, secondsLeft: null, resume: command, setAside: [] };
    const object = { sweep: 'probe', directory: join(cwd, 'done'), state: 'partial', ...counted };
    expect(json.stdout).toBe(`${JSON.stringify(object)}\n`.repeat(2));
  });

  it('counts while a run is under way, with rate and time left, without disturbing it', async () => {
    const cwd = makeFolder();
    const sweep = writeSweep(cwd, {
      runs: 20,
      grid: '{activation: sigmoid, depth: 3, width: 10, dataset: {kind: synthetic, examples: 100, dimensions: 10}}',
      search: '{initialStepSize: 0.1, growth: 1.02, steps: 100, ceiling: 1.0e+4}',
    });
    const running = start(['run', sweep, '--out', 'done', '--quiet'], { cwd });
    await waitFor('the first outcome', () => journalLines(join(cwd, 'done')).length > 0);
    const { code, stdout } = await inProcess(['status', 'done', '--json'], { cwd });
    expect(code).toBe(0);
    const { done, pending, total, ...pace } = JSON.parse(stdout);
    expect(pace).toMatchObject({ state: 'running', rate: expect.any(Number), secondsLeft: expect.any(Number) });
    expect(Math.min(pace.rate, pace.secondsLeft)).toBeGreaterThan(0);
    const text = await inProcess(['status', 'done'], { cwd });
    expect(text.stdout).toMatch(/^ {2}running for \d+ s; [\d.]+ tasks a second, about [\d.]+ m?\w+ left$/m);
    expect(done).toBeGreaterThan(0);
    expect({ sum: done + pending, total }).toEqual({ sum: 20, total: 20 });
    running.child.kill('SIGINT');
    expect(await running.ended).toMatchObject({ signal: null });
  });
});

describe('table', () => {
  it('goes by other keys, with other statistics, in every format', async () => {
    const cwd = await makeDirectory();
    const table = (...words: string[]) => inProcess(['table', 'done', ...words], { cwd });
    const wanted = ['--by', 'depth', '--stat', 'median,max', '--stat', 'n'];
    const csv = await table(...wanted, '--format', 'csv');
    expect(csv).toMatchObject({ code: 0, stderr: '' });
    expect(csv.stdout).toMatch(/^depth,/);
    expect(
      csv.stdout
        .trimEnd()
        .split('\n')
        .slice(1)
        .map((line) => line.split(',')[0]),
    ).toEqual(['2', '3']);
    const text = await table(...wanted);
    expect(text.stdout).toMatch(/^depth +median +max +n$/m);
    expect(text.stdout).toMatch(/^ *2 .* 6 of 6$/m);
    const several = await table('--format', 'md,tex,json');
    expect(several.stdout).toMatch(/\| activation +\|[\s\S]*\\begin\{table\}[\s\S]*"entries": \[/);
  });

  it('says how much is there of a partial directory', async () => {
    const cwd = await makeDirectory({ kept: 7 });
    const { code, stdout } = await inProcess(['table', 'done'], { cwd });
    expect(code).toBe(0);
    expect(stdout).toContain('partial: 7 of 12 tasks');
  });

  it.each([
    [['--by', 'dept'], 'did you mean `depth`?'],
    [['--stat', 'average'], 'mean'],
    [['--format', 'html'], 'one or more of md, csv, json, tex, typ, terminal'],
  ])('%j is an error of usage', async (words, fix) => {
    const cwd = await makeDirectory();
    const ended = await inProcess(['table', 'done', ...words], { cwd });
    expect(ended).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(/^error \[USAGE\]: /) });
    expect(ended.stderr).toContain(fix);
  });
});

describe('verify', () => {
  it('computes everything again, or a sample, and finds nothing where nothing is wrong', async () => {
    const cwd = await makeDirectory();
    const all = await inProcess(['verify', 'done', '--engine', 'reference'], { cwd });
    expect(all).toMatchObject({ code: 0, stdout: '12 outcomes recomputed, 0 differ\n' });
    expect(all.stderr).toMatch(/^0\/12 tasks\b.*\n(.*\n)*12\/12 tasks in \d+ s\n$/);
    const sample = await inProcess(['verify', 'done', '--sample', '50%', '--quiet'], { cwd });
    expect(sample).toMatchObject({ code: 0, stderr: '' });
    const ids = journalLines(join(cwd, 'done')).map((line) => JSON.parse(line).task.id as string);
    const half = ids.filter((id) => id < '8');
    expect(sample.stdout).toBe(`${half.length} outcomes recomputed, 0 differ\n`);
  });

  it('finds a result that was tampered with', async () => {
    const cwd = await makeDirectory();
    const path = join(cwd, 'done', 'outcomes.jsonl');
    const lines = readFileSync(path, 'utf8').split('\n');
    // what its task cannot have is refused before it is computed again
    lines[4] = forgedLine(lines[4], (text) => text.replace('"kind":"infinity"', '"kind":"nan"'));
    writeFileSync(path, lines.join('\n'));
    const ended = await inProcess(['verify', 'done', '--quiet'], { cwd });
    const { id } = JSON.parse(lines[4]).task;
    expect(ended).toMatchObject({
      code: 1,
      stdout: `12 outcomes recomputed, 1 differ\ndiffers: ${id}\n`,
      stderr: '',
    });
  });

  it.each(['5', '0%', '101%', 'all'])('a sample of %s is an error of usage', async (sample) => {
    const ended = await inProcess(['verify', 'done', '--sample', sample], { cwd: makeFolder() });
    expect(ended).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('--sample') });
  });
});

it.each(['status', 'table', 'verify'])('%s says so when there is no sweep directory', async (command) => {
  const cwd = makeFolder();
  const ended = await inProcess([command, 'nowhere'], { cwd });
  expect(ended).toMatchObject({ code: 2, stdout: '' });
  expect(ended.stderr).toMatch(/^error \[DIRECTORY_UNREADABLE\][\s\S]*where: +\S+[\s\S]*fix: /);
  expect(ended.stderr).toContain(`${join(cwd, 'nowhere')}\n`);
});
