import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openSweepDirectory, outcomeLine, peekSweepDirectory } from '../../../orchestrator/directory/mod.ts';
import { otherArithmetic, type TrajectoryTask, taskId } from '../../../shared/mod.ts';
import { expand, loadSweep } from '../../../shared/sweep/mod.ts';
import { runTask } from '../../../worker/mod.ts';
import { makeFolder } from '../../support/mod.ts';
import { OPEN_OPTIONS } from '../directory/support.ts';
import { OPTIMISED, trajectoryTask } from './support.ts';

/** As an earlier version made it. */
function earlier({ cell, ...task }: TrajectoryTask): TrajectoryTask {
  const rest = { ...task, cell: { ...cell, trajectory: { ...cell.trajectory, arithmetic: 'trajectory-1' as const } } };
  return { ...rest, id: taskId(rest) };
}

const adam = OPTIMISED.map(trajectoryTask).find(({ cell }) => cell.trajectory.preconditioned)!;
const tested = trajectoryTask({ trajectory: { test: { every: 5, examples: 12 } } });

it.each([
  ['measures the preconditioned sharpness', adam],
  ['measures on test examples', tested],
])('a task of an earlier version that %s has another id, and is not computed', async (_, task) => {
  const former = earlier(task);
  expect(former.id).not.toBe(task.id);
  expect(otherArithmetic(task.cell)).toBeUndefined();
  expect(otherArithmetic(former.cell)).toEqual({ named: 'trajectory-1', own: 'trajectory-2' });
  await expect(runTask(former, 'simd')).rejects.toMatchObject({
    code: 'TASK_FAILED',
    details: { expected: 'arithmetic trajectory-2', got: 'arithmetic trajectory-1' },
  });
});

it('a task that names the later arithmetic without need is not computed either', async () => {
  const { cell, ...task } = trajectoryTask();
  const rest = { ...task, cell: { ...cell, trajectory: { ...cell.trajectory, arithmetic: 'trajectory-2' as const } } };
  await expect(runTask(rest, 'simd')).rejects.toMatchObject({ details: { got: 'arithmetic trajectory-2' } });
});

it('outcomes of an earlier version do not count, and the directory says why', async () => {
  const directory = makeFolder();
  const file = join(directory, 'sweep.yaml');
  writeFileSync(
    file,
    'name: adam\ntitle: Adam\nexperiment: trajectory\ngrid: {activation: tanh, optimizer: {kind: adam}, scheme: {kind: constant, stepSize: 0.1}}\n' +
      'trajectory: {iterations: 1, preconditioned: true}\n',
  );
  const sweep = loadSweep(file);
  const task = expand(sweep).task(0, 0) as TrajectoryTask;
  const { result } = await runTask(task, 'simd');
  const provenance = { engine: 'simd', host: 'host', seconds: 0.25, version: '0.1.0', node: 'v20.19.0', attempts: 1 };
  writeFileSync(join(directory, 'outcomes.jsonl'), outcomeLine({ task: earlier(task), result, provenance }));
  const notes: string[] = [];
  const opened = await openSweepDirectory(directory, sweep, { ...OPEN_OPTIONS, note: (text) => notes.push(text) });
  expect(opened.progress.done).toBe(0);
  await opened.close();
  const told =
    '1 recorded outcome was computed with arithmetic trajectory-1, where this version has trajectory-2: not part of the sweep; kept in outcomes.jsonl';
  expect(notes).toEqual([told]);
  expect((await peekSweepDirectory(directory, sweep, expand(sweep))).outdated).toBe(told);
});
