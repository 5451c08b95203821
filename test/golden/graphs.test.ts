import { describe, expect, it } from 'vitest';
import { describeCell, type Task } from '../../shared/mod.ts';
import { GRAPH_TASKS } from './graph-tasks.ts';
import { EXACT_ENGINES, GRAPHS, goldenLines, lineOf } from './outcomes.ts';

const lines = goldenLines(GRAPHS);

describe.each(EXACT_ENGINES)('the %s engine', (_name, engine) => {
  it.each(GRAPH_TASKS.map((task, i) => [describeCell(task.cell), i, task] as const))(
    'gives the committed bytes of %s, line %i',
    async (_, i, task) => {
      expect(await lineOf(task, engine)).toBe(lines[i]);
    },
  );
});

it('the golden outcomes of graphs are of the tasks in graph-tasks.ts', () => {
  expect(lines.map((line): Task => JSON.parse(line).task)).toEqual(GRAPH_TASKS);
});
