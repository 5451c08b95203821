import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { outcomeLine } from '../../../orchestrator/directory/mod.ts';
import { type SearchOutcome, type SearchResult, type SearchTask, type Task, taskId } from '../../../shared/mod.ts';
import { type Expansion, expand, loadSweepOf, type SearchSweep } from '../../../shared/sweep/mod.ts';
import { searchResult } from '../../support/mod.ts';

export { cleanLater, makeFolder, mountSmallDisk } from '../../support/folders.ts';

type SweepOptions = { name?: string; seed?: number; runs?: number; activations?: string[]; depths?: number[] };

/** A sweep as a user would load it: 2 cells of 4 runs unless told otherwise. */
export function makeSweep(options: SweepOptions = {}): SearchSweep {
  const { name = 'sample', seed = 0, runs = 4, activations = ['tanh', 'relu'], depths = [3] } = options;
  const folder = mkdtempSync(join(tmpdir(), 'edgesweep-directory-'));
  const path = join(folder, 'sweep.yaml');
  writeFileSync(
    path,
    `name: ${name}
title: A sample
experiment: maximal-step-size
seed: ${seed}
runs: ${runs}
grid:
  activation: [${activations.join(', ')}]
  depth: [${depths.join(', ')}]
  width: 10
  dataset: {kind: synthetic, examples: 100, dimensions: 10}
  batchSize: full
search: {initialStepSize: 0.1, growth: 1.01, steps: 100, ceiling: 1.0e+4}
`,
  );
  try {
    return loadSweepOf('maximal-step-size', path);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export const OPEN_OPTIONS = { command: ['edgesweep', 'run', 'sample.yaml'], softwareVersion: '0.1.0' };

/** @param result what the result has otherwise than a search that diverges at the rung */
export function makeOutcome(task: Task, result: Partial<SearchResult> = {}, rung = 345): SearchOutcome {
  const { search } = (task as SearchTask).cell;
  return {
    task: task as SearchTask,
    result: { ...searchResult(search, rung, { iteration: 56, kind: 'nan' }), ...result },
    provenance: { engine: 'simd', host: 'höst', seconds: 0.25, version: '0.1.0', node: 'v20.19.0', attempts: 1 },
  };
}

/** All tasks of the sweep, cell by cell. */
export function allTasks(expansion: Expansion): SearchTask[] {
  return expansion.cells.flatMap((_, cell) =>
    Array.from({ length: expansion.runs }, (_, run) => expansion.task(cell, run) as SearchTask),
  );
}

export const outcomesOf = (sweep: SearchSweep): SearchOutcome[] =>
  allTasks(expand(sweep)).map((task) => makeOutcome(task));

/** Lines as earlier versions wrote them, without digests. */
export const unsealedLines = (outcomes: readonly SearchOutcome[]): string =>
  outcomes.map((outcome) => `${JSON.stringify(outcome)}\n`).join('');

export const toLines = (outcomes: readonly SearchOutcome[]): string => outcomes.map(outcomeLine).join('');

/** The task with some of its text changed, and the id that belongs to the changed text. */
export function changedTask({ id: _, ...rest }: SearchTask, changes: Partial<Omit<SearchTask, 'id'>>): SearchTask {
  const changed = { ...rest, ...changes };
  return { id: taskId(changed), ...changed };
}

export async function collect<T>(values: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = [];
  for await (const value of values) collected.push(value);
  return collected;
}

export const readText = (path: string): string => readFileSync(path, 'utf8');
