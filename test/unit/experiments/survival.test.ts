import { expect, it } from 'vitest';
import { survivalReport } from '../../../orchestrator/experiments/survival/report.ts';
import { survivalTable } from '../../../orchestrator/experiments/survival/table.ts';
import { render } from '../../../orchestrator/report/mod.ts';
import { ENGINES, type OutcomeOf, resultProblem, type TaskOf, taskSchema } from '../../../shared/mod.ts';
import { expand, formatSweep, loadSweepOf } from '../../../shared/sweep/mod.ts';
import { engineOf } from '../../../worker/engines/mod.ts';
import { problemOf, runTask, survivalTrial } from '../../../worker/experiments/mod.ts';
import { refusalOfText, withFile } from '../sweep/support.ts';

const HEAD = 'name: probe\ntitle: Probe\nexperiment: survival\n';
const GRID = `runs: 4
grid:
  stepSize: {from: 0.2, to: 30, factor: 3}
  activation: [linear, tanh]
  width: 5
  dataset: {kind: synthetic, examples: 16, dimensions: 4}
survival: {steps: [5, 20], initializations: 6}
`;
const sweepOf = (text: string) => withFile(HEAD + text, (file) => loadSweepOf('survival', file));

async function outcomeOf(task: TaskOf<'survival'>): Promise<OutcomeOf<'survival'>> {
  const { result, engine } = await runTask(task, 'simd');
  return { task, result, provenance: { engine, host: 'here', seconds: 0, version: '0', node: 'v20', attempts: 1 } };
}

it('a cell has its step size and the longest horizon, and tasks pass the schema of all tasks', () => {
  const { cells, tasks, task } = expand(sweepOf(GRID));
  expect(cells.map(({ stepSize, activation, survival }) => [stepSize, activation, survival]).slice(1, 3)).toEqual([
    [0.2, 'tanh', { steps: 20, initializations: 6 }],
    [0.6000000000000001, 'linear', { steps: 20, initializations: 6 }],
  ]);
  expect(tasks).toBe(40);
  expect(taskSchema().parse(task(1, 2))).toEqual(task(1, 2));
});

it.each(ENGINES)('on the %s engine each training is that of a rung of Algorithm 2', async (engine) => {
  const { cells, task } = expand(sweepOf(GRID));
  for (const [index, { survival, stepSize, ...cell }] of cells.entries()) {
    const { result } = await runTask(task(index, 1), engine);
    const search = { initialStepSize: stepSize, growth: 2, steps: survival.steps, ceiling: stepSize };
    const trials = [0, 1, 2, 3, 4, 5].map((i) => survivalTrial(0, 1, stepSize, i));
    expect(new Set(trials.map(({ rung }) => rung)).size).toBe(6);
    const trainer = engineOf(engine).prepare(problemOf({ ...cell, search }, 0, 1));
    const ends = trials.map((trial) => trainer.train([trial])[0].divergence?.iteration ?? 0);
    expect(result).toEqual({ divergedAt: ends });
  }
});

it('the curve of a shorter horizon is that of a sweep with that horizon alone', async () => {
  const [both, short] = [sweepOf(GRID), sweepOf(GRID.replace('[5, 20]', '5'))];
  const entriesOf = async (sweep: typeof both) => {
    const expansion = expand(sweep);
    const tasks = expansion.cells.flatMap((_, cell) => [0, 1, 2, 3].map((run) => expansion.task(cell, run)));
    return (await survivalTable(sweep, expansion, await Promise.all(tasks.map(outcomeOf)))).entries;
  };
  const entries = await entriesOf(both);
  expect(entries.map(({ row, steps }) => [...row, steps])).toEqual([
    ['linear', 5],
    ['linear', 20],
    ['tanh', 5],
    ['tanh', 20],
  ]);
  expect(entries.filter(({ steps }) => steps === 5)).toEqual(await entriesOf(short));
});

it('the table has a row for each curve, or for each step size, and says what is missing', async () => {
  const sweep = sweepOf(GRID.replace('[5, 20]', '20'));
  const expansion = expand(sweep);
  const outcomes = await Promise.all(
    expansion.cells.flatMap((_, cell) => [0, 1, 2, 3].map((run) => outcomeOf(expansion.task(cell, run)))),
  );
  const curves = survivalReport(await survivalTable(sweep, expansion, outcomes.slice(0, -1)));
  expect(render(curves, 'md')).toContain('partial: 39 of 40 tasks');
  expect(JSON.parse(render(curves, 'json'))).toMatchObject({
    rows: ['activation'],
    entries: [{ row: { activation: 'linear' }, dataSets: 4 }, { row: { activation: 'tanh' } }],
  });
  const byStepSize = await survivalTable(sweep, expansion, outcomes, { by: ['stepSize', 'activation'] });
  const points = survivalReport(byStepSize);
  expect(render(points, 'csv').split('\n').slice(0, 2)).toEqual([
    'activation,stepSize,asked,trained,diverged,share,low,high',
    'linear,0.2,24,24,0,0,0,0.1379762046749802',
  ]);
  const shares = byStepSize.entries[1].points.map(({ share }) => share);
  expect([shares[0], shares.at(-1)]).toEqual([0, 1]);
});

it('a sweep of survival is written as it is loaded', () => {
  const sweep = sweepOf(`${GRID}exclude: [{stepSize: 0.2, activation: tanh}]\ntable: {paper: {tanh: 2}}\n`);
  expect(expand(sweep).cells).toHaveLength(9);
  expect(withFile(formatSweep(sweep), (file) => loadSweepOf('survival', file))).toEqual(sweep);
});

it('a result that its task cannot have is refused', () => {
  const task = expand(sweepOf(GRID)).task(0, 0);
  expect(resultProblem(task, { divergedAt: [0, 0, 1, 20, 0, 3] })).toBeUndefined();
  expect(resultProblem(task, { divergedAt: [0, 0] })).toBe('2 trainings of 6');
  expect(resultProblem(task, { divergedAt: [0, 0, 1, 21, 0, 3] })).toBe('a divergence at iteration 21 of 20');
});

it('a step size that is none, and keys of other experiments, are refused with their place', () => {
  expect(refusalOfText(`${HEAD}grid: {activation: tanh}\n`)).toMatchObject({
    code: 'SWEEP_INVALID',
    text: expect.stringContaining('missing key `grid.stepSize`'),
  });
  expect(refusalOfText(`${HEAD}grid: {activation: tanh, stepSize: -1}\n`).text).toContain('grid.stepSize');
  expect(refusalOfText(`${HEAD}${GRID}search: {growth: 2}\n`).text).toContain('unknown key `search`');
  expect(refusalOfText(`${HEAD}${GRID}table: {paper: {relu: 2}}\n`).text).toContain('not a row of the table');
});
