import { expect, it } from 'vitest';
import { survivalReport, survivalTable } from '../../../orchestrator/experiments/survival/table.ts';
import { render } from '../../../orchestrator/report/mod.ts';
import { ENGINES, type OutcomeOf, type TaskOf, taskSchema } from '../../../shared/mod.ts';
import { expand, formatSweep, loadSweepOf } from '../../../shared/sweep/mod.ts';
import { runTask } from '../../../worker/experiments/mod.ts';
import { refusalOfText, withFile } from '../sweep/support.ts';

const HEAD = 'name: probe\ntitle: Probe\nexperiment: survival\n';
const GRID = `runs: 6
grid:
  stepSize: {from: 0.2, to: 30, factor: 3}
  activation: [linear, tanh]
  width: 5
  dataset: {kind: synthetic, examples: 16, dimensions: 4}
survival: {steps: 20}
`;
const sweepOf = (text: string) => withFile(HEAD + text, (file) => loadSweepOf('survival', file));

async function outcomeOf(task: TaskOf<'survival'>): Promise<OutcomeOf<'survival'>> {
  const { result, engine } = await runTask(task, 'reference');
  return { task, result, provenance: { engine, host: 'here', seconds: 0, version: '0', node: 'v20', attempts: 1 } };
}

it('a cell has its step size, and tasks pass the schema of all tasks', () => {
  const { cells, tasks, task } = expand(sweepOf(GRID));
  expect(cells.map(({ stepSize, activation }) => [stepSize, activation]).slice(0, 3)).toEqual([
    [0.2, 'linear'],
    [0.2, 'tanh'],
    [0.6000000000000001, 'linear'],
  ]);
  expect(tasks).toBe(60);
  expect(taskSchema.parse(task(1, 2))).toEqual(task(1, 2));
});

it.each(ENGINES)('on the %s engine a training at a step size is rung 0 of a search from it', async (engine) => {
  const { cells, task } = expand(sweepOf(GRID));
  for (const [index, { survival, stepSize, ...cell }] of cells.entries()) {
    const { result } = await runTask(task(index, 1), engine);
    const search = { initialStepSize: stepSize, growth: 2, steps: survival.steps, ceiling: stepSize };
    const asSearch = { ...task(index, 1), experiment: 'maximal-step-size', cell: { ...cell, search } } as const;
    expect(result).toEqual({ divergence: (await runTask(asSearch, engine)).result.divergence });
  }
});

it('the table counts the runs that diverged, and rises from none to all with the step size', async () => {
  const sweep = sweepOf(GRID);
  const expansion = expand(sweep);
  const outcomes = await Promise.all(
    expansion.cells.flatMap((_, cell) => [0, 1, 2, 3, 4, 5].map((run) => outcomeOf(expansion.task(cell, run)))),
  );
  const table = await survivalTable(sweep, expansion, outcomes.slice(0, -1));
  const shares = table.entries.filter(({ row }) => row.includes('tanh')).map(({ diverged, n }) => diverged / n);
  expect(shares[0]).toBe(0);
  expect(shares.at(-1)).toBe(1);
  expect(table.tasks).toEqual({ done: 59, total: 60 });
  const report = survivalReport(table);
  expect(render(report, 'md')).toContain('partial: 59 of 60 tasks');
  expect(render(report, 'csv').split('\n').slice(0, 2)).toEqual([
    'stepSize,activation,runs,n,diverged,share',
    '0.2,linear,6,6,0,0',
  ]);
  expect(JSON.parse(render(report, 'json')).entries.at(-1)).toMatchObject({ n: 5, diverged: 5, share: 1 });
});

it('a sweep of survival is written as it is loaded', () => {
  const sweep = sweepOf(`${GRID}exclude: [{stepSize: 0.2, activation: tanh}]\n`);
  expect(expand(sweep).cells).toHaveLength(9);
  expect(withFile(formatSweep(sweep), (file) => loadSweepOf('survival', file))).toEqual(sweep);
});

it('a step size that is none, and keys of other experiments, are refused with their place', () => {
  expect(refusalOfText(`${HEAD}grid: {activation: tanh}\n`)).toMatchObject({
    code: 'SWEEP_INVALID',
    text: expect.stringContaining('missing key `grid.stepSize`'),
  });
  expect(refusalOfText(`${HEAD}grid: {activation: tanh, stepSize: -1}\n`).text).toContain('grid.stepSize');
  expect(refusalOfText(`${HEAD}${GRID}search: {growth: 2}\n`).text).toContain('unknown key `search`');
});
