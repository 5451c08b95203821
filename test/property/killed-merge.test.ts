import { hash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { openSweepDirectory, pendingTasks, readSweep, writeAuditFile } from '../../orchestrator/directory/mod.ts';
import type { Outcome } from '../../shared/mod.ts';
import { makeNodeKey, nodeKeyOf } from '../../shared/signing.ts';
import { expand, loadSweep, type TrajectorySweep } from '../../shared/sweep/mod.ts';
import { runTask } from '../../worker/experiments/mod.ts';
import { killedAfter } from '../support/killed-writes.ts';
import { chance } from '../support/mod.ts';
import { OPEN_OPTIONS } from '../unit/directory/support.ts';
import { at, contents, inOwnFolders, merge } from '../unit/merge/support.ts';

inOwnFolders();

/** Of the changes after which a merge is killed; `make test-properties` takes all. */
const EVERY = process.env.EDGESWEEP_TEST_PROPERTIES === 'all' ? 1 : 8;

/** Eight trainings of a few steps. */
const TRAININGS = loadSweep({
  name: 'trainings',
  title: 'Trainings',
  experiment: 'trajectory',
  runs: 4,
  grid: {
    ...{ activation: 'tanh', depth: 2, width: 3, dataset: { kind: 'synthetic', examples: 5, dimensions: 2 } },
    scheme: { kind: 'constant', stepSize: [0.1, 0.2] },
  },
  trajectory: { iterations: 3, every: 1 },
}) as TrajectorySweep;

/** A directory of a shard without its last task. It has everything else that a merge copies. */
async function recordTrainings(name: string, shard: string, day: number): Promise<string> {
  const sweep = { ...TRAININGS, shard };
  const expansion = expand(sweep);
  const directory = await openSweepDirectory(at(name), sweep, OPEN_OPTIONS);
  const tasks = [...pendingTasks(expansion, directory.progress, expansion.cells.keys())];
  for (const task of tasks.slice(0, -1)) {
    const { result, file } = await runTask(task, 'reference');
    const provenance = { engine: 'reference', host: name, seconds: 1, version: '0.1.0', node: 'v20', attempts: 1 };
    const named = { sha256: hash('sha256', file!, 'hex'), bytes: file!.length };
    await directory.append({ task, result, provenance: { ...provenance, file: named } } as Outcome, file);
  }
  await directory.close();
  // of one task in all of them: what is newest counts
  const { id } = LEFT;
  const error = { code: 'TASK_FAILED', message: name };
  const time = new Date(Date.UTC(2026, 0, day)).toISOString();
  writeFileSync(join(at(name), 'failures.jsonl'), `${JSON.stringify({ task: LEFT, error, time })}\n`);
  for (const path of [
    'damaged-lines.jsonl',
    `logs/${id}.log`,
    `checkpoints/${id}.checkpoint`,
    `checkpoints/${id}.checkpoint.before`,
  ]) {
    mkdirSync(dirname(join(at(name), path)), { recursive: true });
    writeFileSync(join(at(name), path), `${name}\n`);
    utimesSync(join(at(name), path), day, day + (path.endsWith('before') ? 0 : 0.5));
  }
  const found = { key: nodeKeyOf(makeNodeKey()).publicKey, node: name, task: id, time };
  await writeAuditFile(at(name), { secret: String(day).repeat(64), setAside: [found] });
  return at(name);
}

/** The last task of the whole sweep. */
const LEFT = expand(TRAININGS).task(1, 3);

/** All that does not depend on when the commands were given, and which. */
function lasting(directory: string): unknown {
  const { '/manifest.json': manifest, ...files } = contents(directory, ['lock']);
  const passing = ['started', 'command', 'history', 'digest'];
  const text = Buffer.from(manifest, 'base64').toString('utf8');
  return { ...files, manifest: JSON.parse(text, (key, value) => (passing.includes(key) ? undefined : value)) };
}

it.each(['added to', 'new'])(
  'a merge that was killed at any moment, of a directory that is %s, is completed by the same one',
  async (kind) => {
    const [own, ...others] = await Promise.all(
      ['1/3', '2/3', '3/3'].map((shard, i) => recordTrainings(`${i}`, shard, 1 + ((i + 2) % 3))),
    );
    writeFileSync(join(own, 'figure.svg'), 'of a part');
    const inputs = kind === 'new' ? [own, ...others] : others;
    const before = inputs.map((directory) => contents(directory));
    const mergeKilledAfter = async (changes: number): Promise<boolean> => {
      rmSync(at('out'), { recursive: true, force: true });
      if (kind !== 'new') cpSync(own, at('out'), { recursive: true, preserveTimestamps: true });
      return killedAfter(changes, () => merge('out', inputs));
    };
    await mergeKilledAfter(Number.POSITIVE_INFINITY);
    const expected = lasting(at('out'));
    const random = chance(`a merge that was killed, of a directory that is ${kind}`);
    let changes = Math.floor(EVERY * random());
    for (; await mergeKilledAfter(changes); changes += EVERY) {
      // what a run makes of it counts for the merge as well
      if (random() < 0.5 && existsSync(join(at('out'), 'sweep.yaml'))) {
        const run = await openSweepDirectory(at('out'), await readSweep(at('out')), OPEN_OPTIONS);
        await run.close();
      }
      await killedAfter(Number.POSITIVE_INFINITY, () => merge('out', inputs));
      expect(lasting(at('out')), `killed after ${changes} changes`).toEqual(expected);
    }
    expect(changes).toBeGreaterThan(50);
    expect(inputs.map((directory) => contents(directory))).toEqual(before);
  },
);
