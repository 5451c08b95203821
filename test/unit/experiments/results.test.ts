import { hash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { writeSeries } from '../../../orchestrator/directory/series.ts';
import {
  decodeSeries,
  encodeSeries,
  type Outcome,
  type Result,
  resultProblem,
  type SearchResult,
  seriesDigest,
  type Task,
} from '../../../shared/mod.ts';
import { expand, loadSweep } from '../../../shared/sweep/mod.ts';
import { runTask } from '../../../worker/experiments/mod.ts';
import { ceilingResult, makeFolder, searchResult } from '../../support/mod.ts';
import { trajectoryTask } from '../trajectory/support.ts';

const searchTask = (set: string[] = []) =>
  expand(loadSweep('table-4.1', { flags: { set: ['grid.activation=tanh', 'search.growth=1.5', ...set] } })).task(
    0,
    0,
  ) as Extract<Task, { experiment: 'maximal-step-size' }>;

describe('the result of a search', () => {
  const task = searchTask();
  const { search } = task.cell;
  const whole = searchResult(search, 7, { iteration: 12, kind: 'nan' });

  it('is accepted as engines give it, diverged or at the ceiling', async () => {
    const { result } = await runTask(task, 'simd');
    expect(resultProblem(task, result)).toBeUndefined();
    const low = searchTask(['search.ceiling=0.2', 'search.steps=5']);
    const reached = await runTask(low, 'reference');
    expect(reached.result.end).toBe('ceiling');
    expect(resultProblem(low, reached.result)).toBeUndefined();
    expect(reached.result).toEqual(ceilingResult(low.cell.search));
  });

  it.each<[string, Partial<SearchResult>]>([
    ['a step size one bit off', { stepSize: whole.stepSize * (1 + 2 ** -52) }],
    ['a negative step size', { stepSize: -7 }],
    ['a huge step size', { stepSize: 1e300 }],
    ['a rung beyond the ceiling', { rung: 10_000, trials: 10_001 }],
    ['a rung beyond any ladder', { rung: 2 ** 52, trials: 2 ** 52 + 1 }],
    ['a rung without its step size', { rung: 8, trials: 9 }],
    ['trials that are not rung + 1', { trials: 7 }],
    ['steps that the trials do not take', { steps: whole.steps + 1 }],
    ['an iteration after the last', { divergence: { iteration: 9999, kind: 'nan' }, steps: 700 + 9999 }],
    ['a criterion that the cell does not have', { divergence: { iteration: 12, kind: 'loss-above' } }],
    ['a ceiling with a divergence', { end: 'ceiling' }],
    ['a divergence without one', { divergence: null }],
    ['a ceiling before the last rung', { end: 'ceiling', divergence: null, steps: 800 }],
  ])('is refused with %s', (_, change) => {
    expect(resultProblem(task, whole)).toBeUndefined();
    expect(resultProblem(task, { ...whole, ...change })).toEqual(expect.any(String));
  });

  it('is refused at the ceiling with steps that the trials do not take', () => {
    const ceiling = ceilingResult(search);
    expect(resultProblem(task, ceiling)).toBeUndefined();
    expect(resultProblem(task, { ...ceiling, steps: ceiling.steps - 1 })).toEqual(expect.any(String));
  });
});

describe('the result of a trajectory', () => {
  it.each([
    ['one that finished', trajectoryTask({ trajectory: { iterations: 30 } })],
    ['one that diverged', trajectoryTask({ activation: 'relu', scheme: { kind: 'constant', stepSize: 1000 } })],
  ])('is accepted of %s, and refused with a change', async (_, task) => {
    const { result } = await runTask(task, 'simd');
    expect(resultProblem(task, result)).toBeUndefined();
    const changes: Partial<typeof result>[] = [
      { iterations: result.iterations + 1 },
      { end: result.end === 'diverged' ? 'finished' : 'diverged' },
      { divergence: { iteration: 1_000_000, kind: 'nan' } },
      { edge: 1_000_001 },
      { loss: -1 },
      { cost: -1 },
      { cost: result.iterations - 1 },
      { edge: result.iterations - 8 },
      { batchPlateau: { sharpness: 1, ofEdge: null } },
      { test: { loss: 1 } },
      ...(result.end === 'finished' ? [{ loss: null }, { products: 0 }] : []),
    ];
    for (const change of changes) {
      expect(resultProblem(task, { ...result, ...change } as Result)).toEqual(expect.any(String));
    }
  });
});

it('a series with other columns than its cell has is refused', async () => {
  const task = trajectoryTask({ trajectory: { iterations: 2 } });
  const { result, file } = await runTask(task, 'simd');
  const { rows, columns } = await decodeSeries(file!);
  const directory = makeFolder();
  const write = async (names: ReadonlyMap<string, Float64Array>) => {
    const series = { rows, columns: names };
    const bytes = await encodeSeries(series);
    const provenance = { file: { sha256: hash('sha256', bytes), bytes: bytes.length } };
    const outcome = { task, result: { ...result, series: seriesDigest(series) }, provenance };
    return writeSeries(directory, outcome as unknown as Outcome, bytes);
  };
  await write(columns);
  const without = new Map([...columns].filter(([name]) => name !== 'sharpness'));
  await expect(write(without)).rejects.toThrow('does not match its outcome');
  await expect(write(new Map([...columns, ['test_loss', columns.get('loss')!]]))).rejects.toThrow('does not match');
});
