import { once } from 'node:events';
import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { openSweepDirectory, outcomeLine } from '../../orchestrator/directory/mod.ts';
import { type SearchOutcome, softwareVersion } from '../../shared/mod.ts';
import { expand, loadSweepOf } from '../../shared/sweep/mod.ts';
import { spawnProgram } from '../../test/support/processes.ts';
import { runTask } from '../../worker/mod.ts';
import { measure, requireSuccess } from './measure.ts';
import { writeNoOpSweep } from './sweeps.ts';

export type LocalRow = { what: string; seconds: number; memory: number; aim: string };

/** Expanding sweeps of 10^6 tasks, and going on from a journal of as many outcomes. */
export async function measureLocal(folder: string, tasks: number): Promise<LocalRow[]> {
  const rows: LocalRow[] = [];
  const aim = 'under 15 s, under 500 MB';
  for (const [what, cells, runs] of [
    ['expand, 100 runs a cell', tasks / 100, 100],
    ['expand, 10 runs a cell', tasks / 10, 10],
  ] as const) {
    const file = writeNoOpSweep(folder, `expand-${runs}`, cells, runs);
    const expanded = await measure(spawnProgram(['expand', file, '--json'], { cwd: folder, silent: true }));
    requireSuccess(what, expanded);
    rows.push({ what: `${what}, ${tasks} tasks`, seconds: expanded.seconds, memory: expanded.memory, aim });
  }
  const file = writeNoOpSweep(folder, 'resume', tasks / 100, 100);
  const directory = await fillJournal(file, join(folder, 'resume'));
  const resumed = await measure(
    spawnProgram(['run', file, '--out', directory, '--quiet'], { cwd: folder, silent: true }),
  );
  requireSuccess('resume', resumed);
  rows.push({ what: `run again on a journal of ${tasks} outcomes`, ...resumed, aim: 'under 30 s' });
  return rows;
}

/** A journal with an outcome for every task, as a run would have left it. */
async function fillJournal(file: string, path: string): Promise<string> {
  const sweep = loadSweepOf('maximal-step-size', file);
  const expansion = expand(sweep);
  mkdirSync(path, { recursive: true });
  const directory = await openSweepDirectory(path, sweep, { command: [], softwareVersion: softwareVersion() });
  await directory.close();
  const stream = createWriteStream(join(path, 'outcomes.jsonl'), { flags: 'a' });
  // all tasks of this sweep have one result
  const { result } = await runTask(expansion.task(0, 0), 'reference');
  const provenance = {
    engine: 'simd',
    host: 'bench',
    seconds: 0.0001,
    version: softwareVersion(),
    node: process.version,
    attempts: 1,
  };
  for (let cell = 0; cell < expansion.cells.length; cell++) {
    let text = '';
    for (let run = 0; run < expansion.runs; run++) {
      const outcome: SearchOutcome = { task: expansion.task(cell, run), result, provenance };
      text += outcomeLine(outcome);
    }
    if (!stream.write(text)) await once(stream, 'drain');
  }
  stream.end();
  await once(stream, 'close');
  return path;
}
