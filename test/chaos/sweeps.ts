import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalize } from '../../shared/canonical.ts';
import type { Outcome, Task } from '../../shared/mod.ts';
import { sweepKey } from '../../shared/protocol/mod.ts';
import { expand, loadSweep } from '../../shared/sweep/mod.ts';
import { spawnProgram } from '../support/processes.ts';

/** A sweep, and what a local run of it leaves. */
export type Trial = {
  name: string;
  file: string;
  key: string;
  tasks: Task[];
  undisturbed: Contents;
  /** with which a run of it ends: 1 where tasks fail */
  code: number;
};

/** `files`: by name, digests of the tables and series. */
export type Contents = { outcomes: Map<string, string>; files: Map<string, string> };

/** What a directory has, and how it differs from an undisturbed one. */
export type Compared = { lost: number; twice: number; differing: number };

const TABLES = ['table.md', 'table.csv', 'table.json', 'table.tex'];

/** `4 * runs` searches of some milliseconds each. */
export const searches = (runs: number): string => `experiment: maximal-step-size
runs: ${runs}
grid: {activation: [linear, tanh, relu, sigmoid], depth: 3, width: 10, dataset: {kind: synthetic, examples: 20, dimensions: 5}}
search: {initialStepSize: 0.1, growth: 1.03, steps: 50, ceiling: 1.0e+4}
`;

/** `4 * runs` trajectories of a second or more each, with a series. */
export const trainings = (runs: number): string => `experiment: trajectory
runs: ${runs}
grid: {activation: [tanh, relu], depth: 2, width: 5, dataset: {kind: synthetic, examples: 50, dimensions: 4}, scheme: {kind: constant, stepSize: [0.1, 0.2]}}
trajectory: {iterations: 4000, every: 1}
`;

/** Writes a sweep of its own name and seed and runs it locally. @param expected exit code of the run */
export async function makeTrial(
  folder: string,
  name: string,
  seed: number,
  rest: string,
  expected = 0,
): Promise<Trial> {
  const file = join(folder, `${name}.yaml`);
  writeFileSync(file, `name: ${name}\ntitle: Faults\nseed: ${seed}\n${rest}`);
  const sweep = loadSweep(file);
  const expansion = expand(sweep);
  const tasks = expansion.cells.flatMap((_, cell) =>
    Array.from({ length: expansion.runs }, (_, run) => expansion.task(cell, run)),
  );
  const out = join(folder, `${name}-undisturbed`);
  const run = spawnProgram(['run', file, '--out', out, '--quiet'], { cwd: folder, silent: true });
  const { code } = await run.ended;
  if (code !== expected) throw new Error(`the undisturbed run ended with ${code}: ${run.stderr}`);
  return { name, file, key: sweepKey(sweep, expansion), tasks, undisturbed: contentsOf(out), code: expected };
}

const lines = (directory: string): string[] =>
  readFileSync(join(directory, 'outcomes.jsonl'), 'utf8').split('\n').slice(0, -1);

function contentsOf(directory: string): Contents {
  const outcomes = lines(directory).map((line) => JSON.parse(line) as Outcome);
  return {
    outcomes: new Map(outcomes.map(({ task, result }) => [task.id, canonicalize({ task, result })])),
    files: new Map([...TABLES, ...seriesIn(directory)].map((name) => [name, digestOf(join(directory, name))])),
  };
}

const seriesIn = (directory: string): string[] =>
  existsSync(join(directory, 'series')) ? readdirSync(join(directory, 'series')).map((name) => `series/${name}`) : [];

const digestOf = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');

export function compare(directory: string, { undisturbed }: Trial): Compared {
  const { outcomes, files } = contentsOf(directory);
  const ids = [...undisturbed.outcomes.keys()];
  const names = new Set([...files.keys(), ...undisturbed.files.keys()]);
  const differing = [
    ...[...outcomes].filter(([id, text]) => undisturbed.outcomes.get(id) !== text),
    ...[...names].filter((name) => undisturbed.files.get(name) !== files.get(name)),
  ].length;
  return {
    lost: ids.filter((id) => !outcomes.has(id)).length,
    twice: lines(directory).length - outcomes.size,
    differing,
  };
}

/** Size of the journal in bytes, 0 when there is none. */
export const journalSize = (directory: string): number =>
  statSync(join(directory, 'outcomes.jsonl'), { throwIfNoEntry: false })?.size ?? 0;
