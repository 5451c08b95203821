import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { tableCommand } from '../../../orchestrator/commands/table.ts';
import { readTable } from '../../../orchestrator/experiments/mod.ts';
import { render, writeTables } from '../../../orchestrator/report/mod.ts';
import type { SearchCell, SearchOutcome, SearchTask } from '../../../shared/mod.ts';
import { type Expansion, expand, formatSweep, loadSweepOf, type SearchSweep } from '../../../shared/sweep/mod.ts';
import { makeFolder } from '../../support/mod.ts';
import { outcomeOf } from './support.ts';

let parent: string;
let sweep: SearchSweep;
let outcomes: SearchOutcome[];

beforeEach(() => {
  parent = makeFolder();
  sweep = loadSweepOf('maximal-step-size', 'table-4.1');
  outcomes = [...outcomesOf(expand(sweep))];
});

function* outcomesOf({ cells, runs, task }: Expansion<SearchCell, SearchTask>): Generator<SearchOutcome> {
  for (let cell = 0; cell < cells.length; cell += 1) {
    for (let run = 0; run < runs; run += 1) {
      const made = outcomeOf(cells[cell], run, 100 * (cell + 1) + ((7 * run) % 10));
      yield { ...made, task: task(cell, run) };
    }
  }
}

/** A sweep directory with these outcomes, as a run leaves it. */
function sweepDirectory(recorded: readonly SearchOutcome[]): string {
  const directory = mkdtempSync(join(parent, 'sweep-'));
  writeFileSync(join(directory, 'sweep.yaml'), formatSweep(sweep));
  writeFileSync(join(directory, 'outcomes.jsonl'), recorded.map((outcome) => `${JSON.stringify(outcome)}\n`).join(''));
  return directory;
}

const FILES = ['table.csv', 'table.json', 'table.md', 'table.tex'];

async function tablesOf(directory: string): Promise<string[]> {
  await writeTables(directory, await readTable(directory));
  return FILES.map((name) => readFileSync(join(directory, name), 'utf8'));
}

test('a sweep directory gets a file a format, the same whatever the order of its journal', async () => {
  const there = sweepDirectory(outcomes);
  const back = sweepDirectory(outcomes.toReversed());
  expect(await tablesOf(back)).toEqual(await tablesOf(there));
  expect(readdirSync(there).sort()).toEqual(['outcomes.jsonl', 'sweep.yaml', ...FILES]);
});

test('writing again leaves the same bytes, also when a task is recorded twice', async () => {
  const directory = sweepDirectory(outcomes);
  const before = await tablesOf(directory);
  writeFileSync(join(directory, 'outcomes.jsonl'), `${JSON.stringify(outcomes[0])}\n`, { flag: 'a' });
  expect(await tablesOf(directory)).toEqual(before);
});

test('the command prints the table for the terminal', async () => {
  const directory = sweepDirectory(outcomes.slice(0, 23));
  const text = await tableCommand({ directories: [directory] });
  expect(text).toBe(render(await readTable(directory), 'terminal'));
  expect(text).toContain(sweep.title);
  expect(text).toContain('partial: 23 of 40 tasks');
});

test('the command prints each directory in each format, one after another', async () => {
  const directories = [sweepDirectory(outcomes), sweepDirectory([])];
  const text = await tableCommand({ directories, by: ['activation'], stat: ['mean'], format: ['csv', 'md'] });
  const tables = await Promise.all(
    directories.map((directory) => readTable(directory, { by: ['activation'], stat: ['mean'] })),
  );
  const texts = tables.flatMap((table) => [render(table, 'csv'), render(table, 'md')]);
  expect(text).toBe(texts.join('\n'));
  expect(texts[1]).toMatch(/^\| activation \| +mean \| +paper \| difference \(SE\) \|$/m);
});

test.each([{ by: ['colour'] }, { stat: ['mode'] }])('%j is an error of usage', async (options) => {
  const directories = [sweepDirectory([])];
  await expect(tableCommand({ directories, ...options })).rejects.toMatchObject({ code: 'USAGE', exitCode: 2 });
});

test('a folder that is no sweep directory is an error', async () => {
  await expect(tableCommand({ directories: [parent] })).rejects.toMatchObject({ code: 'DIRECTORY_UNREADABLE' });
});
