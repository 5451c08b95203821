import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { spawnProgram } from '../../test/support/processes.ts';
import { fillDirectory } from './journals.ts';
import { measure, requireSuccess } from './measure.ts';
import { writeNoOpSweep } from './sweeps.ts';

export type MergeRow = {
  tasks: number;
  shards: number;
  /** bytes of all journals */
  bytes: number;
  seconds: number;
  /** of the processor */
  busy: number;
  memory: number;
};

/** Runs of a cell. */
const RUNS = 1000;

/** The heap that the merge gets, in MB: an outcome kept in memory takes a kilobyte. */
export const HEAP = 768;

/** Shards of a sweep of so many tasks, all recorded, put together by `edgesweep merge`. */
export async function measureMerge(folder: string, tasks: number, shards: number): Promise<MergeRow> {
  const file = writeNoOpSweep(folder, `merge-${tasks}`, tasks / RUNS, RUNS);
  const parts = Array.from({ length: shards }, (_, i) => join(folder, `shard-${i + 1}`));
  let bytes = 0;
  for (const [i, part] of parts.entries()) bytes += await fillDirectory(file, part, `${i + 1}/${shards}`);
  const words = ['merge', join(folder, 'merged'), ...parts, '--json'];
  const env = { ...process.env, NODE_OPTIONS: `--max-old-space-size=${HEAP}` };
  const merged = await measure(spawnProgram(words, { cwd: folder, env }));
  requireSuccess('merge', merged);
  const { done, total } = JSON.parse(merged.stdout);
  if (done !== tasks || total !== tasks) throw new Error(`merged ${done} of ${total} tasks, and not ${tasks}`);
  for (const part of [...parts, join(folder, 'merged')]) rmSync(part, { recursive: true });
  return { tasks, shards, bytes, seconds: merged.seconds, busy: merged.busy, memory: merged.memory };
}
