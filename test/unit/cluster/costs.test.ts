import { expect, it } from 'vitest';
import { costsOf, secondsLeft } from '../../../orchestrator/cluster/costs.ts';
import { expectedCost } from '../../../shared/mod.ts';
import { MOST_COSTS } from '../../../shared/protocol/mod.ts';
import { expand, loadSweep } from '../../../shared/sweep/mod.ts';

it('the time left is that of the work that is left, since the longest tasks come first', () => {
  // 10 tasks of 100 and 100 of 1; five of the long ones were done in the last ten seconds
  const costs: [number, number][] = [
    [100, 10],
    [1, 100],
  ];
  expect(secondsLeft(costs, { done: 5, total: 110, recent: 5, rate: 0.5 })).toBeCloseTo(600 / 50, 9);
  // among the short ones
  expect(secondsLeft(costs, { done: 60, total: 110, recent: 20, rate: 50 })).toBeCloseTo(1, 9);
  expect(secondsLeft(costs, { done: 110, total: 110, recent: 20, rate: 50 })).toBe(0);
});

it('tasks are counted where their costs are not known', () => {
  const tasks = { done: 5, total: 110, recent: 5, rate: 0.5 };
  expect(secondsLeft([], tasks)).toBe(210);
  expect(secondsLeft([[3, 7]], tasks)).toBe(210);
  expect(secondsLeft([[0, 110]], tasks)).toBe(210);
});

it('a shard has no task of many a cell: what is sent of it can be read', () => {
  const sweep = { ...loadSweep('table-4.1'), shard: '3/1000' };
  const expansion = expand(sweep);
  expect(expansion.cells.some((_, i) => expansion.runsOf(i) === 0)).toBe(true);
  const costs = costsOf(sweep, expansion);
  expect(costs.every(([cost, tasks]) => Number.isFinite(cost) && tasks > 0)).toBe(true);
  expect(costs.reduce((sum, [, tasks]) => sum + tasks, 0)).toBe(expansion.tasks);
});

it('the costs of a large sweep are few, and add up to the same work', () => {
  const sweep = loadSweep('table-4.1');
  const expansion = expand(sweep);
  const costs = costsOf(sweep, expansion);
  expect(costs.length).toBeLessThanOrEqual(MOST_COSTS);
  expect(costs.map(([cost]) => cost)).toEqual(costs.map(([cost]) => cost).sort((a, b) => b - a));
  expect(costs.reduce((sum, [, tasks]) => sum + tasks, 0)).toBe(expansion.tasks);
  const work = expansion.cells.reduce((sum, cell, i) => sum + expectedCost(cell) * expansion.runsOf(i), 0);
  const total = costs.reduce((sum, [cost, tasks]) => sum + cost * tasks, 0);
  expect(total / work).toBeCloseTo(1, 9);
});
