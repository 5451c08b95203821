import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { inProcess, makeFolder, writeSweep } from '../support/mod.ts';

/** Names, contents and times of all files below a folder. */
const filesBelow = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .sort()
    .map((path) => [path, readFileSync(path, 'latin1'), statSync(path).mtimeMs]);

it('says what a run would compute and how long it may take, and writes nothing', async () => {
  const cwd = makeFolder();
  const fresh = await inProcess(['run', 'smoke', '--dry-run', '--threads', '2', '--max-tasks', '5'], { cwd });
  expect(fresh).toMatchObject({ code: 0, stderr: '' });
  expect(fresh.stdout).toMatch(/^smoke: 2 cells, 3 runs each, 6 tasks$/m);
  expect(fresh.stdout).toMatch(/results\/smoke: does not exist yet, 6 to compute$/m);
  expect(fresh.stdout).toMatch(/^work: about \d\.\de\+7 multiply-adds, on 2 threads, engine (native|simd)$/m);
  // on a busy machine the first task is shortened, and timed again whole
  expect(fresh.stdout).toMatch(
    /^expected time: about [\d.]+ \w+, from (6 tasks|7 tasks, 1 of them shortened,) timed in [\d.]+ s on 2 threads$/m,
  );
  expect(fresh.stdout).toMatch(/^--max-tasks would end it after 5 tasks$/m);
  expect(readdirSync(cwd)).toEqual([]);
  // with some of it recorded, and another number of runs than before
  expect((await inProcess(['run', 'smoke', '--quiet', '--runs', '2'], { cwd })).code).toBe(0);
  const before = filesBelow(cwd);
  const partial = await inProcess(['run', 'smoke', '--dry-run', '--json'], { cwd });
  expect(partial.stdout.split('\n')).toHaveLength(2);
  expect(JSON.parse(partial.stdout)).toMatchObject({
    event: 'dry-run',
    sweep: 'smoke',
    directory: expect.stringMatching(/results\/smoke$/),
    exists: true,
    cells: 2,
    tasks: 6,
    recorded: 4,
    pending: 2,
    threads: 1,
    nodes: null,
    expected: { seconds: expect.any(Number), timed: 2, whole: 2, timingSeconds: expect.any(Number) },
  });
  const told = await inProcess(['run', 'smoke', '--dry-run'], { cwd });
  expect(told.stdout).toMatch(
    /results\/smoke: 4 recorded, 2 to compute\nthe sweep of this directory has changed:\n {2}runs: 2 → 3$/m,
  );
  expect(filesBelow(cwd)).toEqual(before);
  const nothing = await inProcess(['run', 'smoke', '--dry-run', '--runs', '2'], { cwd });
  expect(nothing.stdout).toContain('expected time: none, every task is recorded\n');
});

it('times long tasks in a shortened form', async () => {
  const cwd = makeFolder();
  const sweep = writeSweep(cwd, {
    grid: '{activation: [tanh, relu], depth: 3, width: 100, dataset: {kind: synthetic, examples: 200, dimensions: 20}}',
    search: '{initialStepSize: 0.1, growth: 1.001, steps: 100000, ceiling: 1.0e+4}',
  });
  const { stdout } = await inProcess(['run', sweep, '--dry-run', '--json'], { cwd });
  const { expected } = JSON.parse(stdout);
  expect(expected).toMatchObject({ whole: 0 });
  expect(expected.timed).toBeGreaterThan(0);
  // hours, on any machine
  expect(expected.seconds).toBeGreaterThan(3600);
});

it('refuses what a run refuses', async () => {
  const cwd = makeFolder();
  const sweep = writeSweep(cwd, {
    grid: '{activation: tanh, depth: 3, width: 4, dataset: {kind: synthetic, examples: 20, dimensions: 4}}',
    search: '{initialStepSize: 0.1, growth: 1.1, steps: 20, ceiling: 1.0e+4}',
  });
  expect((await inProcess(['run', 'smoke', '--quiet', '--runs', '1'], { cwd })).code).toBe(0);
  const other = await inProcess(['run', sweep, '--out', 'results/smoke', '--dry-run'], { cwd });
  expect(other).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('DIRECTORY_OF_ANOTHER_SWEEP') });
  const lacking = await inProcess(['run', 'figure-A.8-mnist', '--dry-run'], { cwd });
  expect(lacking).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('DATA_MISSING') });
  expect(existsSync(join(cwd, 'results', 'figure-A.8-mnist'))).toBe(false);
});
