import { join } from 'node:path';
import { expect } from 'vitest';
import type { Outcome } from '../../shared/mod.ts';
import { sweepKey } from '../../shared/protocol/mod.ts';
import { expand, loadSweep } from '../../shared/sweep/mod.ts';
import {
  inProcess,
  journalLines,
  outcomesText,
  type Running,
  type Started,
  start,
  startHere,
  tableFiles,
  waitFor,
  writeSweep,
} from '../support/mod.ts';

export const TASKS = 200;

/** 200 tasks of some milliseconds. */
export const makeSweep = (folder: string, name = 'faults'): string =>
  writeSweep(folder, {
    name,
    runs: TASKS / 4,
    grid: '{activation: [linear, tanh, relu, sigmoid], depth: 3, width: 10, dataset: {kind: synthetic, examples: 20, dimensions: 5}}',
    search: '{initialStepSize: 0.1, growth: 1.03, steps: 50, ceiling: 1.0e+4}',
  });

export function keyOf(sweepFile: string): string {
  const sweep = loadSweep(sweepFile);
  return sweepKey(sweep, expand(sweep));
}

/** What has to be the same, byte for byte, wherever and however the sweep was run. */
export type Contents = { outcomes: string; tables: Record<string, string> };

export const contentsOf = (directory: string): Contents => ({
  outcomes: outcomesText(directory),
  tables: tableFiles(directory),
});

const known = new Map<string, Contents>();

/** What a local run of the sweep leaves; the same sweep is run once. */
export async function undisturbed(cwd: string, sweep: string): Promise<Contents> {
  const key = keyOf(sweep);
  const before = known.get(key);
  if (before !== undefined) return before;
  expect(await inProcess(['run', sweep, '--out', 'undisturbed', '--quiet'], { cwd })).toMatchObject({ code: 0 });
  const contents = contentsOf(join(cwd, 'undisturbed'));
  known.set(key, contents);
  return contents;
}

/** A worker node of one thread, in a process of its own. */
export function startWorker(url: string, cwd: string, name: string, words: string[] = []): Running {
  return start(['worker', '--nats', url, '--threads', '1', '--name', name, ...words], { cwd });
}

export const isReady = ({ stderr }: Started): boolean => stderr.includes(' ready: ');

/** Worker nodes of one thread in this process, once they are ready. */
export async function startWorkers(url: string, cwd: string, names: readonly string[]): Promise<Started[]> {
  const workers = names.map((name) => startHere(['worker', '--nats', url, '--threads', '1', '--name', name], { cwd }));
  await waitFor('the workers', () => workers.every(isReady));
  return workers;
}

/** `run --nats`, attached, in this process. */
export const runHere = (url: string, cwd: string, sweep: string, out: string, words: string[] = []): Started =>
  startHere(['run', sweep, '--nats', url, '--out', out, ...words], { cwd });

/** As `runHere`, in a process of its own. */
export const startRun = (url: string, cwd: string, sweep: string, out: string, words: string[] = []): Running =>
  start(['run', sweep, '--nats', url, '--out', out, ...words], { cwd });

export const recorded = (directory: string): number => journalLines(directory).length;

export const untilRecorded = (directory: string, count: number): Promise<void> =>
  waitFor(`${count} outcomes in ${directory}`, () => recorded(directory) >= count);

/** The run ended well, and left what an undisturbed one leaves; no outcome is there twice. */
export async function expectComplete(run: Started, directory: string, expected: Contents): Promise<void> {
  const ended = await run.ended;
  expect(ended, ended.stderr).toMatchObject({ code: 0, signal: null });
  expectClean(ended.stderr);
  const ids = outcomesOf(directory).map(({ task }) => task.id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(contentsOf(directory)).toEqual(expected);
}

/** What a user should never see. */
export function expectClean(stderr: string): void {
  expect(stderr).not.toMatch(/^ +at |Warning|Unhandled|uncaught/m);
}

export const outcomesOf = (directory: string): Outcome[] =>
  journalLines(directory).map((line) => JSON.parse(line) as Outcome);
