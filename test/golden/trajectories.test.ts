import { beforeAll, describe, expect, it } from 'vitest';
import { schemeLabel, type Task } from '../../shared/mod.ts';
import { DEBIAN_FOLDER, requireFashionMnist } from './image-tasks.ts';
import { EXACT_ENGINES, goldenLines, lineOf, TRAJECTORIES } from './outcomes.ts';
import { TRAJECTORY_TASKS } from './trajectory-tasks.ts';

beforeAll(requireFashionMnist);

const lines = goldenLines(TRAJECTORIES);

describe.each(EXACT_ENGINES)('the %s engine', (_name, engine) => {
  it.each(TRAJECTORY_TASKS.map(({ cell }, i) => [cell.activation, schemeLabel(cell.scheme), i] as const))(
    'gives the committed digest of the series of %s, %s, line %i',
    async (_, _scheme, i) => {
      expect(await lineOf(TRAJECTORY_TASKS[i], engine, [DEBIAN_FOLDER])).toBe(lines[i]);
    },
  );
});

it('the golden trajectories are of the tasks in trajectory-tasks.ts, and one diverges', () => {
  expect(lines.map((line): Task => JSON.parse(line).task)).toEqual(TRAJECTORY_TASKS);
  expect(lines.filter((line) => JSON.parse(line).result.end === 'diverged')).toHaveLength(1);
});
