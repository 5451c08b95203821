import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { inProcess, type Started } from '../support/mod.ts';
import { type Contents, contentsOf, expectClean, outcomesOf } from './support.ts';

/** A sweep of trajectories, 4 unless `runs` says otherwise. */
export function makeTrajectories(folder: string, { runs = 2, iterations = 2000, every = 10 } = {}): string {
  const path = join(folder, 'trajectories.yaml');
  writeFileSync(
    path,
    `name: trajectories
title: Small ones
experiment: trajectory
runs: ${runs}
grid:
  activation: tanh
  depth: 2
  width: 5
  dataset: {kind: synthetic, examples: 50, dimensions: 4}
  scheme: {kind: constant, stepSize: [0.1, 0.2]}
trajectory: {iterations: ${iterations}, every: ${every}}
`,
  );
  return path;
}

/** What has to be the same, byte for byte, wherever and however the sweep was run. */
export type Trajectories = Contents & { series: Record<string, string> };

export const trajectoriesOf = (directory: string): Trajectories => {
  const names = readdirSync(join(directory, 'series')).sort();
  // as text: buffers are compared byte by byte, which takes seconds
  const series = Object.fromEntries(
    names.map((name) => [name, readFileSync(join(directory, 'series', name), 'latin1')]),
  );
  return { ...contentsOf(directory), series };
};

const known = new Map<string, Trajectories>();

/** What a local run of the sweep leaves; the same sweep is run once. */
export async function localTrajectories(cwd: string, sweep: string): Promise<Trajectories> {
  const text = readFileSync(sweep, 'utf8');
  const before = known.get(text);
  if (before !== undefined) return before;
  expect(await inProcess(['run', sweep, '--out', 'local', '--quiet'], { cwd })).toMatchObject({ code: 0 });
  const trajectories = trajectoriesOf(join(cwd, 'local'));
  known.set(text, trajectories);
  return trajectories;
}

/** The run ended well, and left what a local one leaves; no outcome is there twice. */
export async function expectTrajectories(run: Started, directory: string, expected: Trajectories): Promise<void> {
  const ended = await run.ended;
  expect(ended, ended.stderr).toMatchObject({ code: 0, signal: null });
  expectClean(ended.stderr);
  const ids = outcomesOf(directory).map(({ task }) => task.id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(trajectoriesOf(directory)).toEqual(expected);
}
