import { once } from 'node:events';
import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { openSweepDirectory, sealText } from '../../orchestrator/directory/mod.ts';
import { type SearchOutcome, softwareVersion, taskId } from '../../shared/mod.ts';
import { expand, loadSweepOf, runsInShard } from '../../shared/sweep/mod.ts';
import { runTask } from '../../worker/mod.ts';

/**
 * A directory of a no-op sweep, or of a shard of it, with an outcome for every task, as a run would have left it.
 * @returns bytes of the journal
 */
export async function fillDirectory(file: string, path: string, shard?: string): Promise<number> {
  const sweep = loadSweepOf('maximal-step-size', file, { flags: shard === undefined ? {} : { shard } });
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
    // runs of a cell differ in two places of their text: so ten million lines take minutes
    const task = expansion.task(cell, 0);
    const outcome: SearchOutcome = { task, result, provenance };
    const [before, between, after] = JSON.stringify(outcome).split(/(?<="id":")\w+|(?<="run":)0/);
    for (const run of runsInShard(expansion.shard, cell, expansion.runsOf(cell))) {
      text += `${sealText(`${before}${taskId({ ...task, run })}${between}${run}${after}`)}\n`;
    }
    if (!stream.write(text)) await once(stream, 'drain');
  }
  stream.end();
  await once(stream, 'close');
  return stream.bytesWritten;
}
