import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import canonicalizeModule from 'canonicalize';
import { expand, loadSearchSweep, type Outcome, type SearchTask, type Sweep } from '../../shared/mod.ts';
import { sweepKey } from '../../shared/protocol/mod.ts';
import { PROGRAM, startProcess } from './processes.ts';

// the package is CommonJS and exports the function itself; its declaration says otherwise
const canonicalize = canonicalizeModule as unknown as (value: object) => string;

/** A sweep of small tasks, and what a local run of it leaves. */
export type Trial = {
  name: string;
  file: string;
  key: string;
  tasks: SearchTask[];
  undisturbed: Contents;
};

export type Contents = { outcomes: Map<string, string>; tables: string };

/** What a directory has, and how it differs from an undisturbed one. */
export type Compared = { lost: number; twice: number; differing: number };

const TABLES = ['table.md', 'table.csv', 'table.json', 'table.tex'];

/** Writes a sweep of `4 * runs` tasks of some milliseconds and runs it locally. */
export async function makeTrial(folder: string, name: string, seed: number, runs: number): Promise<Trial> {
  const file = join(folder, `${name}.yaml`);
  writeFileSync(
    file,
    `name: ${name}
title: Faults
experiment: maximal-step-size
seed: ${seed}
runs: ${runs}
grid: {activation: [linear, tanh, relu, sigmoid], depth: 3, width: 10, dataset: {kind: synthetic, examples: 20, dimensions: 5}}
search: {initialStepSize: 0.1, growth: 1.03, steps: 50, ceiling: 1.0e+4}
`,
  );
  const sweep: Sweep = loadSearchSweep(file);
  const expansion = expand(sweep);
  const tasks = expansion.cells.flatMap((_, cell) =>
    Array.from({ length: runs }, (_, run) => expansion.task(cell, run)),
  );
  const out = join(folder, `${name}-undisturbed`);
  const run = startProcess(process.execPath, [PROGRAM, 'run', file, '--out', out, '--quiet'], folder);
  const { code } = await run.ended;
  if (code !== 0) throw new Error(`the undisturbed run failed: ${run.stderr}`);
  return { name, file, key: sweepKey(sweep, expansion), tasks, undisturbed: contentsOf(out) };
}

const lines = (directory: string): string[] =>
  readFileSync(join(directory, 'outcomes.jsonl'), 'utf8').split('\n').slice(0, -1);

function contentsOf(directory: string): Contents {
  const outcomes = lines(directory).map((line) => JSON.parse(line) as Outcome);
  return {
    outcomes: new Map(outcomes.map(({ task, result }) => [task.id, canonicalize({ task, result })])),
    tables: TABLES.map((name) => readFileSync(join(directory, name), 'utf8')).join('\n'),
  };
}

export function compare(directory: string, { undisturbed }: Trial): Compared {
  const { outcomes, tables } = contentsOf(directory);
  const ids = [...undisturbed.outcomes.keys()];
  const differing = [...outcomes].filter(([id, text]) => undisturbed.outcomes.get(id) !== text).length;
  return {
    lost: ids.filter((id) => !outcomes.has(id)).length,
    twice: lines(directory).length - outcomes.size,
    differing: differing + (tables === undisturbed.tables ? 0 : 1),
  };
}

/** Size of the journal in bytes, 0 when there is none. */
export const journalSize = (directory: string): number =>
  statSync(join(directory, 'outcomes.jsonl'), { throwIfNoEntry: false })?.size ?? 0;
