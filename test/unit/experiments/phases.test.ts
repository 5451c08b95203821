import { expect, it } from 'vitest';
import { tableOf } from '../../../orchestrator/experiments/mod.ts';
import { render } from '../../../orchestrator/report/mod.ts';
import { type OutcomeOf, type PhasesResult, phaseOf, resultProblem, taskSchema } from '../../../shared/mod.ts';
import { expand, loadSweepOf } from '../../../shared/sweep/mod.ts';
import { engineOf } from '../../../worker/engines/mod.ts';
import { runTask } from '../../../worker/experiments/mod.ts';
import { startTraining } from '../../../worker/experiments/trajectory/mod.ts';
import { refusalOfText, withFile } from '../sweep/support.ts';

const HEAD = 'name: probe\ntitle: Probe\nexperiment: phases\nruns: 2\n';
const GRID = `grid: {c: [1, 2.6, 30], activation: [linear, relu], depth: 2, width: 5, dataset: {kind: synthetic, examples: 16, dimensions: 4}}
phases: {steps: 20}
`;
const sweep = withFile(HEAD + GRID, (file) => loadSweepOf('phases', file));
const expansion = expand(sweep);

it('phases are told by the first, the largest and the last loss', () => {
  expect(phaseOf({ first: 1, largest: 1, last: 0.5 })).toBe('lazy');
  expect(phaseOf({ first: 1, largest: 3, last: 0.5 })).toBe('catapult');
  expect(phaseOf({ first: 1, largest: 3, last: 1 })).toBe('stuck');
});

it('the training is that of a trajectory with the same step size, and the same on every engine', async () => {
  for (const cell of expansion.cells.keys()) {
    const task = expansion.task(cell, 1);
    expect(taskSchema().parse(task)).toEqual(task);
    const [simd, reference] = [await runTask(task, 'simd'), await runTask(task, 'reference')];
    expect(simd.result).toEqual(reference.result);
    const { result } = reference;
    expect(resultProblem(task, result)).toBeUndefined();
    expect(result.stepSize).toBe(task.cell.c / result.sharpness.first);
    const { c: _, phases, ...network } = task.cell;
    const scheme = { kind: 'constant', stepSize: result.stepSize } as const;
    const trajectory = {
      arithmetic: phases.arithmetic,
      iterations: phases.steps + 1,
      every: phases.steps,
      layers: false,
      solver: phases.solver,
    };
    const { training } = startTraining(
      { cell: { ...network, scheme, trajectory }, run: 1, seed: 0 },
      engineOf('reference'),
      [],
    );
    while (training.iterate() === undefined);
    const { columns, rows } = training.recorder.series();
    const losses = [...columns.get('loss')!.subarray(0, rows)];
    const sharpness = columns.get('sharpness')!;
    expect(result.loss.first).toBe(losses[0]);
    expect(result.sharpness.first).toBe(sharpness[0]);
    if (result.phase === 'diverged') {
      expect(result.steps).toBe(rows - 1);
      continue;
    }
    expect(result.loss).toEqual({ first: losses[0], largest: Math.max(...losses), last: losses[phases.steps] });
    expect(result.sharpness.last).toBe(sharpness[phases.steps]);
  }
});

it('a deep linear network diverges soon above c = 2, and the table has the shares', async () => {
  const outcomes = await Promise.all(
    expansion.cells.flatMap((_, cell) =>
      [0, 1].map(async (run): Promise<OutcomeOf<'phases'>> => {
        const task = expansion.task(cell, run);
        const { result } = await runTask(task, 'simd');
        const provenance = { engine: 'simd', host: 'here', seconds: 0, version: '0', node: 'v20', attempts: 1 };
        return { task, result, provenance };
      }),
    ),
  );
  const report = await tableOf(sweep, outcomes.slice(0, -1) as never);
  const { entries, tasks } = JSON.parse(render(report, 'json'));
  expect(tasks).toEqual({ done: 11, total: 12 });
  const of = (c: number, activation: string) =>
    entries.find(({ row }: { row: { c: number; activation: string } }) => row.c === c && row.activation === activation);
  expect(of(1, 'linear').counts.lazy).toBe(2);
  expect(of(30, 'linear')).toMatchObject({ counts: { diverged: 2 }, sharpnessRatio: null, n: 2 });
  expect(render(report, 'md')).toContain('partial: 11 of 12 tasks');
});

it('results that contradict themselves, and bad settings, are refused', () => {
  const task = expansion.task(0, 0);
  const lazy: PhasesResult = {
    phase: 'lazy',
    steps: 20,
    stepSize: 0.5,
    sharpness: { first: 2, last: 3 },
    loss: { first: 1, largest: 1, last: 0.5 },
  };
  expect(resultProblem(task, lazy)).toBeUndefined();
  expect(resultProblem(task, { ...lazy, phase: 'stuck' })).toContain('those of lazy');
  expect(resultProblem(task, { ...lazy, steps: 7 })).toContain('7 steps of 20');
  expect(resultProblem(task, { ...lazy, loss: { first: 1, largest: 0.7, last: 0.5 } })).toContain('largest loss');
  expect(resultProblem(task, { ...lazy, phase: 'diverged' })).toContain('diverged');
  expect(refusalOfText(`${HEAD}grid: {activation: tanh}\n`).text).toContain('missing key `grid.c`');
  expect(refusalOfText(`${HEAD}grid: {activation: tanh, c: 0}\n`).text).toContain('grid.c');
  expect(
    refusalOfText(`${HEAD}grid: {activation: tanh, c: 1}\nphases: {solver: {kind: lanczos, top: 900}}\n`).text,
  ).toContain('more eigenvalues than the network has parameters');
});
