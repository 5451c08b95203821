import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { SearchOutcome } from '../../shared/mod.ts';
import {
  edgesweep,
  inProcess,
  journalLines,
  journalText,
  makeFolder,
  outcomesText,
  tableFiles,
} from '../support/mod.ts';

const EDITED = `name: smoke
title: Edited
experiment: maximal-step-size
runs: 4
grid:
  activation: [linear, tanh, relu]
  depth: 3
  width: 4
  dataset: {kind: synthetic, examples: 20, dimensions: 4}
  batchSize: full
search: {initialStepSize: 0.1, growth: 1.1, steps: 20, ceiling: 1.0e+4}
`;

it('a sweep runs once, a second time nothing is computed, and after an edit only what is new', async () => {
  const cwd = makeFolder();
  const directory = join(cwd, 'results', 'smoke');
  const first = await edgesweep(['run', 'smoke'], { cwd });
  expect(first).toMatchObject({ code: 0, signal: null });
  expect(first.stdout).toMatch(
    /^Smoke test: .*\n─+\nactivation +mean +sd +95 % CI +n\n─+\nlinear .* 3 of 3\ntanh .* 3 of 3\n/,
  );
  expect(first.stderr).toMatch(/^0\/6 tasks\b.*\n(.*\n)*6\/6 tasks in \d+ s\n$/);
  expect(readdirSync(directory).sort()).toEqual([
    ...['lock', 'manifest.json', 'outcomes.jsonl', 'sweep.yaml'],
    ...['table.csv', 'table.json', 'table.md', 'table.tex'],
  ]);
  const manifest = JSON.parse(readFileSync(join(directory, 'manifest.json'), 'utf8'));
  expect(manifest).toMatchObject({ command: ['run', 'smoke'], node: process.version, arch: process.arch });
  expect(readFileSync(join(directory, 'sweep.yaml'), 'utf8')).toContain('initialization: pytorch-default');

  const journal = journalText(directory);
  const tables = tableFiles(directory);
  const second = await inProcess(['run', 'smoke'], { cwd });
  expect(second).toMatchObject({ code: 0, stdout: first.stdout, stderr: '' });
  expect(journalText(directory)).toBe(journal);
  expect(tableFiles(directory)).toEqual(tables);

  writeFileSync(join(cwd, 'edited.yaml'), EDITED);
  const edited = await inProcess(['run', 'edited.yaml'], { cwd });
  expect(edited).toMatchObject({ code: 0, stdout: expect.stringMatching(/^relu .* 4 of 4$/m) });
  expect(edited.stderr).toContain('6/12 tasks');
  expect(journalText(directory).startsWith(journal)).toBe(true);
  const added = journalLines(directory)
    .slice(6)
    .map((line) => (JSON.parse(line) as SearchOutcome).task);
  const names = added.map(({ cell, run }) => `${cell.activation} ${run}`).sort();
  expect(names).toEqual(['linear 3', 'relu 0', 'relu 1', 'relu 2', 'relu 3', 'tanh 3']);
});

it('outcomes and tables are the same bytes on any number of threads and on either engine', async () => {
  const cwd = makeFolder();
  const ways = [
    ['--threads', '1'],
    ['--threads', '3'],
    ['--engine', 'reference'],
  ];
  const seen = [];
  for (const [index, way] of ways.entries()) {
    const ended = await inProcess(['run', 'smoke', '--out', `way-${index}`, '--quiet', ...way], { cwd });
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    const directory = join(cwd, `way-${index}`);
    seen.push({ stdout: ended.stdout, outcomes: outcomesText(directory), tables: tableFiles(directory) });
  }
  expect(seen[0].outcomes.split('\n')).toHaveLength(7);
  expect(seen[1]).toEqual(seen[0]);
  expect(seen[2]).toEqual(seen[0]);
});
