import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page as Tab } from 'playwright-core';
import type { Overview } from '../../orchestrator/ui/wire.ts';
import { loadSweepOf } from '../../shared/sweep/mod.ts';
import { inProcess, makeFolder } from '../support/mod.ts';
import { makeSweepDirectory } from '../unit/figure/support.ts';

/** A folder with a training and a search, both complete, and a search that is partial. */
export async function makeResults(): Promise<string> {
  const cwd = makeFolder();
  const short = ['trajectory.iterations=60', 'grid.dataset.examples=20', 'runs=2'].flatMap((set) => ['--set', set]);
  await inProcess(['run', 'figure-3.1', ...short, '--quiet'], { cwd });
  const parent = join(cwd, 'results');
  const sweep = loadSweepOf('maximal-step-size', 'figure-4.2');
  makeSweepDirectory(parent, sweep, (cell, run) => 100 + 10 * cell.depth + run);
  makeSweepDirectory(parent, { ...sweep, name: 'half' }, (cell, run) =>
    cell.activation === 'tanh' ? 100 + run : undefined,
  );
  return parent;
}

/** A folder with a small map, complete. */
export async function makeMap(): Promise<string> {
  const cwd = makeFolder();
  writeFileSync(
    join(cwd, 'plane.yaml'),
    `name: plane
title: A map
experiment: map
grid: {activation: tanh, depth: 2, width: 4, dataset: {kind: synthetic, examples: 8, dimensions: 4, outputs: 1}}
map: {x: {layer: 1, from: 0.1, to: 1000}, y: {layer: 2, from: 0.1, to: 1000}, points: 64, steps: 30}
`,
  );
  await inProcess(['run', 'plane.yaml', '--quiet'], { cwd });
  return join(cwd, 'results');
}

/** The page's name of a sweep. */
export const idOf = (tab: Tab, name: string): Promise<string> =>
  tab.evaluate(async (wanted) => {
    const { sweeps }: Overview = await (await fetch('/api/overview')).json();
    return sweeps.find(({ name }) => name === wanted)?.id ?? '';
  }, name);
