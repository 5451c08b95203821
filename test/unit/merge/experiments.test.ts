import { hash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openSweepDirectory, pendingTasks } from '../../../orchestrator/directory/mod.ts';
import { draw, readTable } from '../../../orchestrator/experiments/mod.ts';
import { FORMATS, type Format, render } from '../../../orchestrator/report/mod.ts';
import { columnsOf, csvText, parquetFile, readRuns } from '../../../orchestrator/runs/mod.ts';
import type { ExperimentName, Outcome, TaskOf } from '../../../shared/mod.ts';
import { expand, loadSweep, type Sweep } from '../../../shared/sweep/mod.ts';
import { runTask } from '../../../worker/experiments/mod.ts';
import { outcomesText } from '../../support/mod.ts';
import { OPEN_OPTIONS } from '../directory/support.ts';
import { at, inOwnFolders, merge } from './support.ts';

inOwnFolders();

/** Those that are computed in this process: test/cli/shards.test.ts has the one of a user's program. */
type Name = Exclude<ExperimentName, 'program'>;

const NETWORK = {
  activation: ['tanh', 'relu'],
  depth: 2,
  width: 3,
  dataset: { kind: 'synthetic', examples: 8, dimensions: 2 },
};
const [x, y] = [1, 2].map((layer) => ({ layer, from: 0.1, to: 1000 }));

/** A small sweep of every kind of experiment; the one of maps has fewer tasks of a cell than there are shards. */
const SWEEPS: { [key in Name]: object } = {
  'maximal-step-size': { runs: 4, grid: NETWORK, search: { growth: 1.5, steps: 5 } },
  survival: { runs: 4, grid: { stepSize: [0.5, 5, 50], ...NETWORK }, survival: { steps: [5, 20], initializations: 4 } },
  bisect: { runs: 4, grid: NETWORK, bisect: { low: 0.05, high: 50, halvings: 6, scan: 8, steps: 10 } },
  phases: { runs: 2, grid: { c: [1, 3, 30], ...NETWORK }, phases: { steps: 10 } },
  map: { grid: NETWORK, map: { x, y, points: 64, steps: 5 } },
  trajectory: {
    runs: 2,
    grid: { ...NETWORK, scheme: { kind: 'constant', stepSize: [0.1, 0.5] } },
    trajectory: { iterations: 6, every: 2, layers: true },
  },
};

async function recordAll(name: string, sweep: Sweep): Promise<string> {
  const expansion = expand(sweep);
  const directory = await openSweepDirectory(at(name), sweep, OPEN_OPTIONS);
  for (const task of pendingTasks(expansion, directory.progress, expansion.cells.keys())) {
    const { result, file } = await runTask(task as TaskOf<Name>, 'simd');
    const named = file && { file: { sha256: hash('sha256', file, 'hex'), bytes: file.length } };
    const provenance = {
      engine: 'simd',
      host: 'here',
      seconds: 1,
      version: '0.1.0',
      node: 'v20',
      attempts: 1,
      ...named,
    };
    await directory.append({ task, result, provenance } as Outcome, file);
  }
  await directory.close();
  return at(name);
}

/** Everything that is shown and exported of a directory, and its series. */
async function shown(directory: string) {
  const report = await readTable(directory);
  const read = await readRuns(directory);
  const columns = columnsOf(read);
  const series = join(directory, 'series');
  const files = readdirSync(directory).includes('series') ? readdirSync(series).sort() : [];
  return {
    sweep: readFileSync(join(directory, 'sweep.yaml'), 'utf8'),
    tables: (Object.keys(FORMATS) as Format[]).map((format) => render(report, format)),
    figure: JSON.stringify(await draw([directory])),
    exported: [...csvText(read.runs, columns)].join(''),
    parquet: Buffer.from(await parquetFile(read.runs, columns)).toString('base64'),
    outcomes: outcomesText(directory),
    series: files.map((name) => [name, readFileSync(join(series, name), 'base64')]),
  };
}

it.each(Object.entries(SWEEPS))(
  'three shards of a sweep of %s, merged, show and export what the whole sweep does',
  async (experiment, keys) => {
    const sweepOf = (changes = {}) =>
      loadSweep({ name: 'probe', title: 'Probe', experiment, ...keys, ...changes } as never);
    const whole = await recordAll('whole', sweepOf());
    const parts: string[] = [];
    for (const index of [1, 2, 3]) parts.push(await recordAll(`${index}`, sweepOf({ shard: `${index}/3` })));
    expect(await merge('merged', parts)).toMatchObject({ others: 0, withoutSeries: 0 });
    const [merged, expected] = [await shown(at('merged')), await shown(whole)];
    expect(merged).toEqual(expected);
    expect(merged.tables.join('')).not.toContain('partial');
  },
);
