import { beforeAll, describe, expect, it } from 'vitest';
import type { Task } from '../../shared/mod.ts';
import { DEBIAN_FOLDER, IMAGE_TASKS, requireFashionMnist } from './image-tasks.ts';
import { EXACT_ENGINES, goldenLines, IMAGES, lineOf } from './outcomes.ts';

beforeAll(requireFashionMnist);

const lines = goldenLines(IMAGES);

describe.each(EXACT_ENGINES)('the %s engine', (_name, engine) => {
  it.each(IMAGE_TASKS.map((task, i) => [i, task] as const))(
    'gives the committed bytes on Fashion-MNIST, line %i',
    async (i, task) => {
      expect(await lineOf(task, engine, [DEBIAN_FOLDER])).toBe(lines[i]);
    },
  );
});

it('the golden outcomes on images are of the tasks in image-tasks.ts', () => {
  expect(lines.map((line): Task => JSON.parse(line).task)).toEqual(IMAGE_TASKS);
});
