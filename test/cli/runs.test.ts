import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { inProcess, journalLines, makeFolder, writeSweep } from '../support/mod.ts';

const GRID =
  '{activation: [linear, tanh], depth: [2, 3], width: 4, dataset: {kind: synthetic, examples: 20, dimensions: 4}}';

/** Two activations of two depths, 3 runs, in `done`; some outcomes are taken out. */
async function makeDirectory({ kept = 12, more = [] as string[], out = 'done', cwd = makeFolder() } = {}) {
  const search = '{initialStepSize: 0.1, growth: 1.1, steps: 20, ceiling: 1.0e+4}';
  const words = ['run', writeSweep(cwd, { grid: GRID, search }), '--out', out, '--threads', '1', '--quiet', ...more];
  expect(await inProcess(words, { cwd })).toMatchObject({ code: 0, stderr: '' });
  const lines = journalLines(join(cwd, out)).slice(0, kept);
  writeFileSync(join(cwd, out, 'outcomes.jsonl'), lines.map((line) => `${line}\n`).join(''));
  return cwd;
}

describe('tasks', () => {
  it('lists the tasks of a partial directory, filtered and sorted', async () => {
    const cwd = await makeDirectory({ kept: 7 });
    const tasks = async (...words: string[]) => {
      const { code, stdout } = await inProcess(['tasks', 'done', '--json', ...words], { cwd });
      expect(code).toBe(0);
      return stdout
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line));
    };
    const all = await tasks();
    expect(all.filter(({ state }) => state === 'done')).toHaveLength(7);
    expect(all.filter(({ state }) => state === 'pending')).toHaveLength(5);
    expect(all[0]).toMatchObject({ cell: 0, run: 0, activation: 'linear', depth: 2, 'search.growth': 1.1 });
    const slowest = await tasks('--sort=-seconds', '--limit', '3', '--state', 'done');
    const seconds = all.flatMap((task) => task.seconds ?? []).sort((a, b) => b - a);
    expect(slowest.map((task) => task.seconds)).toEqual(seconds.slice(0, 3));
    const chosen = await tasks('--filter', 'activation=tanh', '--filter', 'depth<3', '--filter', 'run!=1');
    expect(chosen.map(({ activation, depth, run }) => [activation, depth, run])).toEqual([
      ['tanh', 2, 0],
      ['tanh', 2, 2],
    ]);
    const text = await inProcess(['tasks', 'done', '--state', 'pending'], { cwd });
    expect(text.stdout).toMatch(/^pending +[0-9a-f]{12} +\d +(linear|tanh) +[23] +\d$/m);
    expect(text.stdout).toContain('5 of 12 tasks');
  });

  it.each([
    [['--filter', 'activatio=tanh'], 'did you mean `activation`?'],
    [['--filter', 'depth=two'], 'a number'],
    [['--sort', 'second'], 'did you mean `seconds`?'],
    [['--limit', '0'], 'at least 1'],
  ])('%j is an error of usage', async (words, text) => {
    const cwd = await makeDirectory();
    const ended = await inProcess(['tasks', 'done', ...words], { cwd });
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toContain(text);
  });

  it('refuses a damaged journal, and says how to repair it', async () => {
    const cwd = await makeDirectory();
    const path = join(cwd, 'done', 'outcomes.jsonl');
    writeFileSync(path, readFileSync(path, 'utf8').replace('"rung":', '"rung":1'));
    for (const command of ['tasks', 'export']) {
      const ended = await inProcess([command, 'done'], { cwd });
      expect(ended).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('edgesweep repair') });
    }
  });
});

describe('export', () => {
  it('writes the same rows as CSV and as Parquet, with the types of the values', async () => {
    const cwd = await makeDirectory({ kept: 7 });
    const csv = await inProcess(['export', 'done'], { cwd });
    expect(csv).toMatchObject({ code: 0, stderr: '' });
    const [head, ...lines] = csv.stdout.trimEnd().split('\n');
    const names = head.split(',');
    expect(lines).toHaveLength(7);
    const written = await inProcess(['export', 'done', '--out', 'runs.parquet', '--json'], { cwd });
    expect(JSON.parse(written.stdout)).toEqual({
      file: join(cwd, 'runs.parquet'),
      format: 'parquet',
      rows: 7,
      columns: names,
    });
    const bytes = readFileSync(join(cwd, 'runs.parquet'));
    const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer;
    const rows = await parquetReadObjects({ file });
    const typeOf = Object.fromEntries(parquetMetadata(file).schema.map(({ name, type }) => [name, type]));
    expect(typeOf).toMatchObject({ depth: 'INT64', stepSize: 'DOUBLE', activation: 'BYTE_ARRAY', seconds: 'DOUBLE' });
    const asText = rows.map((row) => names.map((name) => (row[name] ?? '') as string).join(','));
    expect(asText).toEqual(lines);
    expect(rows[0]).toMatchObject({
      activation: expect.any(String),
      depth: expect.any(BigInt),
      run: expect.any(BigInt),
      end: 'diverged',
    });
  });
});

describe('diff', () => {
  it('compares the cells of two sweeps, and names those of one only', async () => {
    const cwd = await makeDirectory();
    await makeDirectory({ cwd, out: 'other', more: ['--seed', '3', '--set', 'grid.depth=3,4'] });
    const json = await inProcess(['diff', 'done', 'other', '--json'], { cwd });
    expect(json).toMatchObject({ code: 0, stderr: '' });
    const { cells, keys, differing } = JSON.parse(json.stdout);
    expect(keys).toEqual(['activation', 'depth']);
    expect(differing).toEqual([{ name: 'seed', a: '0', b: '3' }]);
    expect(cells.map((row: { cell: object; only: string | null }) => [row.cell, row.only])).toEqual([
      [{ activation: 'linear', depth: 2 }, 'a'],
      [{ activation: 'linear', depth: 3 }, null],
      [{ activation: 'tanh', depth: 2 }, 'a'],
      [{ activation: 'tanh', depth: 3 }, null],
      [{ activation: 'linear', depth: 4 }, 'b'],
      [{ activation: 'tanh', depth: 4 }, 'b'],
    ]);
    const { a, b, difference, ratio, low, high } = cells[1];
    expect(difference).toBeCloseTo(b.mean - a.mean, 12);
    expect(ratio).toBeCloseTo(b.mean / a.mean, 12);
    expect((low + high) / 2).toBeCloseTo(difference, 12);
    const text = await inProcess(['diff', 'done', 'other', '--by', 'activation', '--format', 'md'], { cwd });
    expect(text.stdout).toMatch(/^\| +linear \|/m);
    expect(text.stdout).toContain('differs: seed: 0 (a), 3 (b)');
  });

  it('refuses an unknown measure', async () => {
    const cwd = await makeDirectory();
    const ended = await inProcess(['diff', 'done', 'done', '--measure', 'stepsize'], { cwd });
    expect(ended).toMatchObject({ code: 2, stderr: expect.stringContaining('did you mean `stepSize`?') });
  });
});
