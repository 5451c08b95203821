import { once } from 'node:events';
import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { outcomeLine } from '../../orchestrator/directory/mod.ts';
import { NUMERICS, type Outcome } from '../../shared/mod.ts';
import { expand, formatSweep, loadSweep } from '../../shared/sweep/mod.ts';
import { writeNoOpSweep } from '../scale/sweeps.ts';

export type LargeDirectory = { directory: string; total: number /** lines that were held back */; rest: string[] };

/**
 * A sweep directory with made-up outcomes, of searches that end on their first and only rung.
 * @param held outcomes that are not written
 */
export async function makeLargeDirectory(
  folder: string,
  cells: number,
  runs: number,
  held: number,
): Promise<LargeDirectory> {
  const sweep = loadSweep(writeNoOpSweep(folder, 'large', cells, runs));
  const directory = join(folder, 'results', 'large');
  mkdirSync(directory, { recursive: true });
  const { tasks, task } = expand(sweep);
  const journal = createWriteStream(join(directory, 'outcomes.jsonl'));
  const rest: string[] = [];
  for (let i = 0; i < tasks; i += 1) {
    // runs in turn, as nodes would bring them
    const [run, cell] = [Math.floor(i / cells), i % cells];
    const line = outcomeLine({
      task: task(cell, run),
      result: { stepSize: 0.1, rung: 0, trials: 1, steps: 1, end: 'ceiling', divergence: null },
      provenance: {
        engine: 'native',
        host: 'node',
        seconds: 0.001 + (cell % 97) / 1e5,
        version: '0.1.0',
        node: 'v20.0.0',
        attempts: 1,
      },
    } as Outcome);
    if (i >= tasks - held) rest.push(line);
    else if (!journal.write(line)) await once(journal, 'drain');
  }
  await new Promise((done) => journal.end(done));
  writeFileSync(join(directory, 'sweep.yaml'), formatSweep(sweep));
  const manifest = {
    numerics: NUMERICS,
    version: '0.1.0',
    gitRevision: null,
    node: 'v20.0.0',
    v8: '11',
    arch: 'x64',
    platform: 'linux',
    command: ['run', 'large'],
    started: '2026-01-01T00:00:00.000Z',
  };
  writeFileSync(join(directory, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  return { directory, total: tasks, rest };
}
