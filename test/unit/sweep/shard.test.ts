import { expect, it } from 'vitest';
import { Progress, pendingTasks } from '../../../orchestrator/directory/mod.ts';
import { sweepKey } from '../../../shared/protocol/mod.ts';
import { expand, loadSweep, type Sweep } from '../../../shared/sweep/mod.ts';

const GRID = { activation: ['tanh', 'relu', 'linear'], depth: [1, 2, 3, 4], width: 5 };

/** 12 cells, the depths fastest. */
const sweepOf = (changes: object = {}): Sweep =>
  loadSweep({
    name: 'parts',
    title: 'Parts',
    experiment: 'maximal-step-size',
    runs: 5,
    grid: GRID,
    search: { initialStepSize: 0.1, growth: 2, steps: 1, ceiling: 0.1 },
    ...changes,
  });

/** Runs of each shard, as `cell run`. */
function shards(of: number, changes: object = {}): string[][] {
  return Array.from({ length: of }, (_, i) => {
    const expansion = expand(sweepOf({ ...changes, shard: `${i + 1}/${of}` }));
    const progress = new Progress(expansion);
    const all = [...expansion.cells.keys()].flatMap((cell) =>
      [...progress.pendingRuns(cell)].map((run) => `${cell} ${run}`),
    );
    expect(all).toHaveLength(expansion.tasks);
    expect(progress.total).toBe(expansion.tasks);
    return all;
  });
}

it.each([1, 2, 3, 5, 7, 12, 100])('every task is in exactly one of %i shards', (of) => {
  const all = shards(of);
  expect(all.flat().sort()).toEqual(shards(1)[0].sort());
  expect(all.flat()).toHaveLength(60);
});

it('every shard has as many runs of a cell as any other, to within one', () => {
  for (let cell = 0; cell < 12; cell += 1) {
    const counts = shards(3).map((shard) => shard.filter((run) => run.startsWith(`${cell} `)).length);
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
  }
});

it('with one run per cell no shard gets all cells of one depth', () => {
  for (const shard of shards(4, { runs: 1 })) {
    expect(new Set(shard.map((run) => Number(run.split(' ')[0]) % 4)).size).toBe(3);
  }
});

it('a task stays in its shard when runs are added', () => {
  const [before, after] = [shards(4), shards(4, { runs: 9 })];
  for (const [i, shard] of before.entries()) expect(after[i]).toEqual(expect.arrayContaining(shard));
});

it('tasks are those of the whole sweep, and those of other shards are not of this one', () => {
  const whole = expand(sweepOf());
  const part = expand(sweepOf({ shard: '2/3' }));
  const progress = new Progress(part);
  const pending = [...pendingTasks(part, progress, part.cells.keys())];
  const ids = new Set(whole.cells.flatMap((_, cell) => [0, 1, 2, 3, 4].map((run) => whole.task(cell, run).id)));
  expect(pending.filter(({ id }) => ids.has(id))).toHaveLength(20);
  for (const task of pending) progress.add(task);
  expect(progress).toMatchObject({ done: 20, total: 20 });
  const other = expand(sweepOf({ shard: '1/3' }));
  for (const task of pendingTasks(other, new Progress(other), other.cells.keys())) {
    expect(progress.includes(task)).toBe(false);
    progress.add(task);
  }
  progress.remove(pending[0]);
  expect(progress.done).toBe(19);
});

it('shards are sweeps of their own on a server', () => {
  const keys = [undefined, '1/2', '2/2'].map((shard) => {
    const sweep = sweepOf({ shard });
    return sweepKey(sweep, expand(sweep));
  });
  expect(new Set(keys).size).toBe(3);
});

it.each(['0/3', '4/3', '1', '1/0', '1/2/3', 'x', '1/1000000'])('%s is no shard', (shard) => {
  expect(() => sweepOf({ shard })).toThrow(expect.objectContaining({ code: 'SWEEP_INVALID' }));
});

it('a sweep whose runs are added as they are needed has no shards', () => {
  const runs = { until: { ci95: 0.1 } };
  expect(() => sweepOf({ runs, shard: '1/2' })).toThrow(
    expect.objectContaining({ details: expect.objectContaining({ got: expect.stringContaining('needed') }) }),
  );
});
