import { describe, expect, it } from 'vitest';
import { NUMERICS, type SearchResult, type SearchTask } from '../../shared/mod.ts';
import { EXACT_ENGINES, goldenLines, lineOf } from './outcomes.ts';
import { TASKS } from './tasks.ts';

const lines = goldenLines();
const results = lines.map((line): SearchResult => JSON.parse(line).result);

describe.each(EXACT_ENGINES)('the %s engine', (_name, engine) => {
  it.each(TASKS.map((task, i) => [task.cell.activation, i, task] as const))(
    'gives the committed bytes for %s, line %i',
    async (_, i, task) => {
      expect(await lineOf(task, engine)).toBe(lines[i]);
    },
  );
});

describe('the golden outcomes', () => {
  it('are of the tasks in tasks.ts, under the present numerics', () => {
    const tasks = lines.map((line): SearchTask => JSON.parse(line).task);
    expect(tasks).toEqual(TASKS);
    expect(new Set(tasks.map(({ id }) => id)).size).toBe(tasks.length);
    expect(tasks.every(({ numerics }) => numerics === NUMERICS)).toBe(true);
  });

  it('end in every way a search can', () => {
    const ends = new Set(
      results.map(({ end, rung, divergence }) => divergence?.kind ?? `${end}${rung === 0 ? '' : ' above 0'}`),
    );
    expect([...ends].sort()).toEqual(['ceiling above 0', 'infinity', 'loss-above', 'nan']);
    expect(results.some(({ rung, end }) => rung === 0 && end === 'diverged')).toBe(true);
  });
});
