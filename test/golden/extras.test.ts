import { beforeAll, describe, expect, it } from 'vitest';
import { optimizerLabel, type Task } from '../../shared/mod.ts';
import { EXTRA_TASKS } from './extra-tasks.ts';
import { DEBIAN_FOLDER, requireFashionMnist } from './image-tasks.ts';
import { EXACT_ENGINES, EXTRAS, goldenLines, lineOf } from './outcomes.ts';

beforeAll(requireFashionMnist);

const lines = goldenLines(EXTRAS);
const labelled = EXTRA_TASKS.map((task, i) => {
  const { loss = 'mse', optimizer = { kind: 'sgd' } } = task.cell;
  return [loss, optimizerLabel(optimizer), i, task] as const;
});

describe.each(EXACT_ENGINES)('the %s engine', (_name, engine) => {
  it.each(labelled)('gives the committed bytes of %s, %s, line %i', async (_loss, _optimizer, i, task) => {
    expect(await lineOf(task, engine, [DEBIAN_FOLDER])).toBe(lines[i]);
  });
});

it('the golden outcomes of losses and optimisers are of the tasks in extra-tasks.ts', () => {
  expect(lines.map((line): Task => JSON.parse(line).task)).toEqual(EXTRA_TASKS);
});
