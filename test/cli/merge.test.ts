import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { outcomeLine } from '../../orchestrator/directory/mod.ts';
import type { Outcome } from '../../shared/mod.ts';
import { expand, loadSweepOf } from '../../shared/sweep/mod.ts';
import {
  edgesweep,
  inProcess,
  journalText,
  makeFolder,
  outcomesText,
  searchResult,
  start,
  tableFiles,
  waitFor,
  writeSweep,
} from '../support/mod.ts';

it('shards of a sweep, merged, have the table of the whole sweep to the byte, and some of them can be completed', async () => {
  const cwd = makeFolder();
  const run = (...words: string[]) => inProcess(['run', 'smoke', '--quiet', '--threads', '1', ...words], { cwd });
  expect(await run('--out', 'whole')).toMatchObject({ code: 0, stderr: '' });
  const parts = ['1/2', '2/2'].map((shard) => join('results', `smoke-shard-${shard.replace('/', '-of-')}`));
  for (const shard of ['1/2', '2/2']) expect(await run('--shard', shard)).toMatchObject({ code: 0, stderr: '' });
  expect((await inProcess(['table', parts[0], '--format', 'md'], { cwd })).stdout).toContain('(shard 1/2)');
  expect((await inProcess(['status', parts[1]], { cwd })).stdout).toContain(
    'smoke, shard 2/2: 3 done, 0 pending, 3 in all',
  );
  expect((await inProcess(['expand', 'smoke', '--shard', '1/2'], { cwd })).stdout).toContain(
    'smoke, shard 1/2: 2 cells',
  );

  const first = await inProcess(['merge', 'merged', parts[0]], { cwd });
  expect(first.stdout).toContain('smoke, shard 1/2: 3 outcomes from 1 directory');
  // as if all of it had been run, and nothing was recorded
  expect(await run('--out', 'nothing', '--max-tasks', '1')).toMatchObject({ code: 3 });
  writeFileSync(join(cwd, 'nothing', 'outcomes.jsonl'), '');
  expect((await inProcess(['merge', 'partial', 'nothing', parts[0]], { cwd })).stdout).toContain(
    '3 done, 3 pending, 6 in all',
  );
  const { stdout: status } = await inProcess(['status', 'partial'], { cwd });
  const resume = /rerun: edgesweep (.*)$/m.exec(status)?.[1].split(' ') ?? [];
  expect(await inProcess([...resume, '--quiet', '--threads', '1'], { cwd })).toMatchObject({ code: 0 });
  expect(tableFiles(join(cwd, 'partial'))).toEqual(tableFiles(join(cwd, 'whole')));

  const both = await inProcess(['merge', 'merged', ...parts], { cwd });
  expect(both).toMatchObject({ code: 0 });
  expect(both.stdout).toContain('6 done, 0 pending, 6 in all');
  expect(tableFiles(join(cwd, 'merged'))).toEqual(tableFiles(join(cwd, 'whole')));
  expect(outcomesText(join(cwd, 'merged'))).toBe(outcomesText(join(cwd, 'whole')));
  const table = async (directory: string) => (await inProcess(['table', directory], { cwd })).stdout;
  expect(await table('merged')).toBe(await table('whole'));
  expect(await run('--out', 'merged')).toMatchObject({ code: 0, stderr: '' });
});

it('series of trajectories come along as links, and one that a directory lacks comes from another', async () => {
  const cwd = makeFolder();
  writeFileSync(
    join(cwd, 'training.yaml'),
    `name: training
title: A training
experiment: trajectory
grid: {activation: tanh, depth: 2, width: 3, dataset: {kind: synthetic, examples: 5, dimensions: 2}, scheme: {kind: constant, stepSize: [0.1, 0.2]}}
trajectory: {iterations: 3, every: 1}
`,
  );
  const run = ['run', 'training.yaml', '--quiet', '--threads', '1'];
  expect(await inProcess([...run, '--out', 'whole'], { cwd })).toMatchObject({ code: 0 });
  expect(await inProcess([...run, '--out', 'part', '--shard', '1/2'], { cwd })).toMatchObject({ code: 0 });
  const [file] = readdirSync(join(cwd, 'part', 'series'));
  const others = readdirSync(join(cwd, 'whole', 'series')).filter((name) => name !== file);
  rmSync(join(cwd, 'whole', 'series', file));
  expect((await inProcess(['merge', 'all', 'whole', '--json', '--dry-run'], { cwd })).stdout).toContain(
    '"withoutSeries":1',
  );
  const merged = await inProcess(['merge', 'all', 'whole', 'part'], { cwd });
  expect(merged.stdout).toContain('2 done, 0 pending, 2 in all');
  const inode = (...path: string[]) => statSync(join(cwd, ...path)).ino;
  expect(inode('all', 'series', file)).toBe(inode('part', 'series', file));
  expect(inode('all', 'series', others[0])).toBe(inode('whole', 'series', others[0]));
  expect(await inProcess(['plot', 'all'], { cwd })).toMatchObject({ code: 0 });
  // as a merge leaves it that was killed, or one of a node that was set aside: other content under the name of a series
  expect(await inProcess(['merge', 'torn', 'whole'], { cwd })).toMatchObject({ code: 0 });
  rmSync(join(cwd, 'torn', 'series'), { recursive: true });
  cpSync(join(cwd, 'whole', 'series'), join(cwd, 'torn', 'series'), { recursive: true });
  writeFileSync(join(cwd, 'torn', 'series', file), 'half of a file');
  writeFileSync(join(cwd, 'torn', 'outcomes.jsonl'), '');
  expect((await inProcess(['merge', 'torn', 'part', 'whole'], { cwd })).stdout).toContain('2 done, 0 pending');
  expect(readFileSync(join(cwd, 'torn', 'series', file))).toEqual(readFileSync(join(cwd, 'part', 'series', file)));
  rmSync(join(cwd, 'part', 'series', file));
  writeFileSync(join(cwd, 'part', 'series', file), 'no Parquet');
  const damaged = await inProcess(['merge', 'more', 'part'], { cwd });
  expect(damaged).toMatchObject({ code: 2, stdout: '' });
  expect(damaged.stderr).toContain('SERIES_DAMAGED');
});

it('kill -9, then the same merge again, ends with what an undisturbed one ends with', async () => {
  const cwd = makeFolder();
  const search = '{initialStepSize: 0.1, growth: 2, steps: 1, ceiling: 0.2}';
  const file = writeSweep(cwd, { runs: 2000, grid: '{activation: [tanh, relu], width: 1}', search });
  const words = ['merge', 'all', 'one', 'two'];
  for (const [i, name] of words.slice(2).entries()) {
    const sweep = loadSweepOf('maximal-step-size', file, { flags: { shard: `${i + 1}/2` } });
    expect(
      await inProcess(
        ['run', file, '--shard', `${i + 1}/2`, '--out', name, '--quiet', '--max-tasks', '1', '--threads', '1'],
        { cwd },
      ),
    ).toMatchObject({ code: 3 });
    const expansion = expand(sweep);
    const lines = expansion.cells.flatMap((_, cell) =>
      Array.from({ length: expansion.runsOf(cell) }, (_, place) => {
        const task = expansion.task(cell, ((i + cell) % 2) + 2 * place);
        const provenance = { engine: 'simd', host: name, seconds: 1, version: '0.1.0', node: 'v20', attempts: 1 };
        return outcomeLine({ task, result: searchResult(task.cell.search, 1), provenance } as Outcome);
      }),
    );
    writeFileSync(join(cwd, name, 'outcomes.jsonl'), lines.join(''));
  }
  expect(await edgesweep(words, { cwd })).toMatchObject({ code: 0 });
  const directory = join(cwd, 'all');
  const contents = () => ({
    journal: journalText(directory),
    tables: tableFiles(directory),
    sweep: readFileSync(join(directory, 'sweep.yaml'), 'utf8'),
  });
  const expected = contents();
  const inputs = words.slice(2).map((name) => journalText(join(cwd, name)));

  // in a folder that is there, which killed runs can leave with a lock alone
  rmSync(directory, { recursive: true });
  mkdirSync(directory);
  writeFileSync(join(directory, 'lock'), '');
  const running = start(words, { cwd });
  const isWriting = () => readdirSync(directory).some((name) => /^\.outcomes\.jsonl\..*tmp$/.test(name));
  await waitFor('the merge to begin', () => isWriting() || !running.alive);
  running.kill();
  expect(await running.ended).toMatchObject({ signal: 'SIGKILL' });
  expect(existsSync(join(directory, 'table.md'))).toBe(false);
  expect(await edgesweep(words, { cwd })).toMatchObject({ code: 0 });
  expect(contents()).toEqual(expected);
  expect(words.slice(2).map((name) => journalText(join(cwd, name)))).toEqual(inputs);
  expect([cwd, directory].flatMap((folder) => readdirSync(folder)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
});
