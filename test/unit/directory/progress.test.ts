import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Progress, pendingTasks } from '../../../orchestrator/directory/mod.ts';
import { cellValue } from '../../../shared/mod.ts';
import { expand } from '../../../shared/sweep/mod.ts';
import { allTasks, changedTask, makeSweep } from './support.ts';

describe('progress', () => {
  it('done and pending tasks always add up to all, for any set of done tasks and any order of cells', () => {
    const shapes = [1, 3, 8].map((runs) => expand(makeSweep({ runs, depths: [2, 3, 5] })));
    fc.assert(
      fc.property(fc.constantFrom(...shapes), fc.infiniteStream(fc.boolean()), fc.nat(5), (expansion, chosen, turn) => {
        const tasks = allTasks(expansion);
        const done = tasks.filter(() => chosen.next().value);
        const progress = new Progress(expansion);
        for (const task of [...done, ...done]) progress.add(task);
        const order = [...expansion.cells.keys()];
        order.push(...order.splice(0, turn));
        const pending = [...pendingTasks(expansion, progress, order)];
        expect(progress.done).toBe(done.length);
        expect(progress.total).toBe(tasks.length);
        expect(order.reduce((sum, cell) => sum + progress.doneOfCell(cell), 0)).toBe(done.length);
        expect([...pending, ...done].map(({ id }) => id).sort()).toEqual(tasks.map(({ id }) => id).sort());
        for (const task of done) expect(progress.has(task)).toBe(true);
        for (const task of pending) expect(progress.has(task)).toBe(false);
      }),
      { numRuns: 50 },
    );
  });

  it('gives the cells in the order asked for', () => {
    const expansion = expand(makeSweep({ runs: 2 }));
    const pending = [...pendingTasks(expansion, new Progress(expansion), [1, 0])];
    expect(pending.map(({ cell, run }) => [cellValue(cell, 'activation'), run])).toEqual([
      ['relu', 0],
      ['relu', 1],
      ['tanh', 0],
      ['tanh', 1],
    ]);
  });

  it('makes pending tasks only as they are asked for', () => {
    const expansion = expand(makeSweep({ runs: 1000 }));
    let made = 0;
    const counting = {
      ...expansion,
      task: (cell: number, run: number) => {
        made += 1;
        return expansion.task(cell, run);
      },
    };
    const progress = new Progress(expansion);
    const pending = pendingTasks(counting, progress, [0, 1]);
    pending.next();
    pending.next();
    expect(made).toBe(2);
  });

  it('does not count tasks that the sweep does not have', () => {
    const expansion = expand(makeSweep());
    const progress = new Progress(expansion);
    const task = expansion.task(0, 0);
    const foreign = [
      changedTask(task, { seed: 1 }),
      changedTask(task, { run: 4 }),
      changedTask(task, { numerics: 'float64-0' }),
      changedTask(task, { cell: { ...task.cell, width: 11 } }),
    ];
    for (const each of foreign) {
      progress.add(each);
      expect(progress.has(each)).toBe(false);
      expect(progress.includes(each)).toBe(false);
    }
    expect(progress.done).toBe(0);
    expect(progress.includes(task)).toBe(true);
  });
});
