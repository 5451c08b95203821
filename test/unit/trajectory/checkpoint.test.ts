import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { schemeLabel } from '../../../shared/mod.ts';
import { removeCheckpoints, runTask } from '../../../worker/mod.ts';
import { cnnTrajectory } from '../../golden/graph-tasks.ts';
import { makeFolder } from '../../support/folders.ts';
import { LANCZOS, OPTIMISED, POWER, runAndKill, SCHEMES_OF_ALL_KINDS, trajectoryTask } from './support.ts';

describe('a training that goes on from a checkpoint', () => {
  const tasks = [
    ...SCHEMES_OF_ALL_KINDS.map((scheme) => trajectoryTask({ scheme })),
    trajectoryTask({ trajectory: { solver: POWER } }),
    cnnTrajectory(),
    trajectoryTask({
      trajectory: { every: 10, near: { within: 0.5, every: 1 }, solver: { ...LANCZOS, top: 2, bothEnds: true } },
    }),
    trajectoryTask({
      batchSize: 7,
      trajectory: { batches: { count: 3, eigenvalues: 1 }, flow: { every: 5, alpha: 1, maxStep: 1 } },
    }),
    ...OPTIMISED.map(trajectoryTask),
  ];

  it.each(tasks.map((task) => [schemeLabel(task.cell.scheme), task.cell.trajectory.solver.kind, task] as const))(
    'gives the same bytes: %s, %s',
    async (_, _solver, task) => {
      const through = await runTask(task, 'simd');
      for (const at of [2, 23]) {
        const folder = makeFolder();
        await runAndKill(task, folder, at);
        let first = 0;
        const onIteration = (done: number) => {
          first ||= done;
        };
        const resumed = await runTask(task, 'simd', { checkpoints: { folder, seconds: 1000 }, onIteration });
        expect(first).toBe(at);
        expect(resumed).toEqual(through);
      }
    },
  );

  it('goes on, on another engine, to the same bytes', async () => {
    const folder = makeFolder();
    await runAndKill(tasks[2], folder, 20);
    const resumed = await runTask(tasks[2], 'reference', { checkpoints: { folder, seconds: 1000 } });
    expect(resumed).toEqual({ ...(await runTask(tasks[2], 'simd')), engine: 'reference' });
  });
});

describe('a checkpoint', () => {
  const task = trajectoryTask();
  const [last, before] = [`${task.id}.checkpoint`, `${task.id}.checkpoint.before`];

  const resume = async (folder: string) => {
    let first = 0;
    const onIteration = (done: number) => {
      first ||= done;
    };
    const computed = await runTask(task, 'simd', { checkpoints: { folder, seconds: 1000 }, onIteration });
    return { first, computed };
  };

  it.each([
    ['cut short', (bytes: Buffer) => bytes.subarray(0, bytes.length - 10)],
    ['empty', () => Buffer.alloc(0)],
    ['changed in one bit', (bytes: Buffer) => Buffer.from(bytes.map((byte, i) => (i === 2000 ? byte ^ 1 : byte)))],
  ])('that is %s is passed over for the one before', async (_, damage) => {
    const folder = makeFolder();
    await runAndKill(task, folder, 30);
    expect(readdirSync(folder).sort()).toEqual([last, before]);
    writeFileSync(join(folder, last), damage(readFileSync(join(folder, last))));
    expect((await resume(folder)).first).toBe(29);
    writeFileSync(join(folder, before), damage(readFileSync(join(folder, before))));
    const { first, computed } = await resume(folder);
    expect(first).toBe(1);
    expect(computed).toEqual(await runTask(task, 'simd'));
  });

  it('of another task is passed over', async () => {
    const folder = makeFolder();
    const other = trajectoryTask({ run: 1 });
    await runAndKill(other, folder, 30);
    writeFileSync(join(folder, last), readFileSync(join(folder, `${other.id}.checkpoint`)));
    expect((await resume(folder)).first).toBe(1);
  });

  it('of the first layout is gone on from', async () => {
    const { createHash } = await import('node:crypto');
    const folder = makeFolder();
    await runAndKill(task, folder, 30);
    const content = readFileSync(join(folder, last)).subarray(0, -32);
    const start = content.indexOf('\n') + 1;
    const end = content.indexOf('\n', start);
    const { vectors, ...header } = JSON.parse(content.toString('utf8', start, end));
    const [weights, ...eigenvectors] = vectors as { name: string; length: number }[];
    expect(eigenvectors.map(({ name }) => name)).toEqual([
      'sharpness',
      ...[1, 2, 3].map((l) => `sharpness_layer_${l}`),
    ]);
    const first = {
      ...header,
      format: 1,
      parameters: weights.length,
      vectors: eigenvectors.map(({ length }, i) => ({ block: i === 0 ? 'all' : i - 1, length })),
    };
    const written = Buffer.concat([
      content.subarray(0, start),
      Buffer.from(JSON.stringify(first)),
      content.subarray(end),
    ]);
    writeFileSync(join(folder, last), Buffer.concat([written, createHash('sha256').update(written).digest()]));
    const resumed = await resume(folder);
    expect(resumed.first).toBe(30);
    expect(resumed.computed).toEqual(await runTask(task, 'simd'));
  });

  it('of another version is refused, and told how to go on', async () => {
    const { createHash } = await import('node:crypto');
    const folder = makeFolder();
    await runAndKill(task, folder, 30);
    const bytes = readFileSync(join(folder, last));
    const content = Buffer.from(
      bytes.subarray(0, -32).toString('latin1').replace('"format":2', '"format":3'),
      'latin1',
    );
    writeFileSync(join(folder, last), Buffer.concat([content, createHash('sha256').update(content).digest()]));
    await expect(resume(folder)).rejects.toMatchObject({
      code: 'CHECKPOINT_OTHER_VERSION',
      details: {
        where: join(folder, last),
        expected: 'format 2',
        got: 'format 3',
        fix: expect.stringContaining('remove'),
      },
    });
  });

  it('is removed with the one before it', async () => {
    const folder = makeFolder();
    await runAndKill(task, folder, 30);
    removeCheckpoints(folder, task.id);
    expect(readdirSync(folder)).toEqual([]);
  });
});
