import { join } from 'node:path';
import { expect, it } from 'vitest';
import { inProcess, journalLines, makeFolder, writeSweep } from '../support/mod.ts';

const SEARCH = '{initialStepSize: 0.1, growth: 1.1, steps: 20, ceiling: 1.0e+4}';
const env = {};

it.each([
  ['--max-tasks', '3'],
  ['--max-time', '0.001'],
])('%s ends a run early with exit code 3, and the rest is computed by a rerun', async (flag, value) => {
  const cwd = makeFolder();
  const grid =
    '{activation: [linear, tanh], depth: 3, width: 4, dataset: {kind: synthetic, examples: 20, dimensions: 4}}';
  const sweep = writeSweep(cwd, { runs: 100, grid, search: SEARCH });
  const words = ['run', sweep, '--out', 'out', '--threads', '1'];
  const ended = await inProcess([...words, flag, value], { cwd, env });
  expect(ended.code).toBe(3);
  expect(ended.stderr).toContain(`${flag} is reached: finishing the tasks in flight`);
  expect(ended.stderr).toMatch(new RegExp(`${flag} was reached; to resume, rerun: edgesweep run .*${flag} ${value}`));
  const done = journalLines(join(cwd, 'out')).length;
  expect(done).toBeLessThan(200);
  if (flag === '--max-tasks') expect(done).toBeGreaterThanOrEqual(3);
  expect(ended.stdout).toContain(`partial: ${done} of 200 tasks`);
  expect(await inProcess(words, { cwd, env })).toMatchObject({ code: 0 });
  expect(journalLines(join(cwd, 'out'))).toHaveLength(200);
});

it('--max-failures ends a run after so many failed tasks, with the exit code of failures', async () => {
  const cwd = makeFolder();
  const grid =
    '{activation: tanh, depth: 3, width: [100000, 4], dataset: {kind: synthetic, examples: 20, dimensions: 4}}';
  const sweep = writeSweep(cwd, { runs: 100, grid, search: SEARCH });
  const words = ['run', sweep, '--out', 'out', '--threads', '1', '--max-failures', '2'];
  const ended = await inProcess(words, { cwd, env });
  expect(ended.code).toBe(1);
  const [, failed] = /error \[TASK_FAILED\]: (\d+) tasks failed/.exec(ended.stderr) ?? [];
  expect(Number(failed)).toBeGreaterThanOrEqual(2);
  expect(Number(failed)).toBeLessThan(100);
});

it.each([
  ['--max-time', '0'],
  // longer than timers of Node can wait: they would fire at once
  ['--max-time', '2592000'],
  ['--max-tasks', '1.5'],
  ['--max-failures', '0'],
])('%s %s is refused', async (flag, value) => {
  const ended = await inProcess(['run', 'smoke', flag, value], { cwd: makeFolder(), env });
  expect(ended.code).toBe(2);
  expect(ended.stderr).toContain(`invalid value for ${flag}`);
});

it('a run that only sends its tasks has no limits', async () => {
  const words = ['run', 'smoke', '--nats', 'nats://127.0.0.1:1', '--detach', '--max-tasks', '3'];
  const ended = await inProcess(words, { cwd: makeFolder(), env });
  expect(ended.code).toBe(2);
  expect(ended.stderr).toContain('--max-tasks does not apply with --detach');
});
