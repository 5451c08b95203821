import { join } from 'node:path';
import { spawnProgram } from '../../test/support/processes.ts';
import { fillDirectory } from './journals.ts';
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
  const directory = join(folder, 'resume');
  await fillDirectory(file, directory);
  const resumed = await measure(
    spawnProgram(['run', file, '--out', directory, '--quiet'], { cwd: folder, silent: true }),
  );
  requireSuccess('resume', resumed);
  rows.push({ what: `run again on a journal of ${tasks} outcomes`, ...resumed, aim: 'under 30 s' });
  return rows;
}
