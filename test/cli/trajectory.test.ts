import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { chance, edgesweep, inProcess, journalLines, makeFolder, start } from '../support/mod.ts';

const ITERATIONS = 4000;
const KILLS = 3;

/** Two long tasks, of some seconds each, and two that diverge at once. */
function makeSweep(folder: string, iterations = ITERATIONS): string {
  const path = join(folder, 'long.yaml');
  writeFileSync(
    path,
    `name: long
title: Long trainings
experiment: trajectory
grid:
  activation: [tanh, relu]
  dataset: {kind: synthetic, examples: 300, dimensions: 10}
  scheme: [{kind: 1/lambda, factor: 2}, {kind: constant, stepSize: 1000}]
trajectory: {iterations: ${iterations}, every: 5}
`,
  );
  return path;
}

/** The series of a sweep directory by name. */
const seriesOf = (directory: string) =>
  readdirSync(join(directory, 'series'))
    .sort()
    .map((name) => [name, readFileSync(join(directory, 'series', name)).toString('base64')] as const);

/** How far each task had got at its last checkpoint, by the name of the file. */
function checkpointsOf(directory: string): Map<string, number> {
  const folder = join(directory, 'checkpoints');
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.checkpoint')) : [];
  return new Map(names.flatMap((name) => iterationOf(name, join(folder, name))));
}

/** None for one that is just being replaced. */
function iterationOf(name: string, path: string): [string, number][] {
  try {
    return [[name, JSON.parse(readFileSync(path, 'latin1').split('\n')[1]).state.iteration]];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

const resultsOf = (directory: string) =>
  journalLines(directory)
    .map((line) => JSON.parse(line))
    .map(({ task, result }) => JSON.stringify({ task, result }))
    .sort();

it('kill -9 in the middle of a long task, then run again, ends with the series of an undisturbed run, byte for byte', async () => {
  const cwd = makeFolder();
  const sweep = makeSweep(cwd);
  const words = (out: string) => ['run', sweep, '--out', out, '--threads', '2', '--checkpoint', '0.05', '--quiet'];
  expect(await inProcess(words('undisturbed'), { cwd })).toMatchObject({ code: 0 });
  const directory = join(cwd, 'killed');
  const random = chance('kill -9 in the middle of long tasks');
  for (let kills = 0; kills < KILLS; kills += 1) {
    const before = checkpointsOf(directory);
    const running = start(words('killed'), { cwd });
    // one that is new, or further than before: what begins anew is behind
    let after = before;
    const changed = () => [...after].find(([name, iteration]) => iteration !== before.get(name));
    while (running.alive && changed() === undefined) {
      await sleep(2);
      after = checkpointsOf(directory);
    }
    const [name, iteration] = changed() ?? ['', 0];
    expect(iteration).toBeGreaterThan(before.get(name) ?? 0);
    await sleep(150 * random());
    running.kill();
    expect(await running.ended).toMatchObject({ signal: 'SIGKILL' });
  }
  expect(await inProcess(words('killed'), { cwd })).toMatchObject({ code: 0 });
  expect(resultsOf(directory)).toEqual(resultsOf(join(cwd, 'undisturbed')));
  expect(seriesOf(directory)).toEqual(seriesOf(join(cwd, 'undisturbed')));
  // nothing is left of the way there
  expect(readdirSync(join(directory, 'checkpoints'))).toEqual([]);
});

it('a series that was removed is computed again, and one that was changed is told', async () => {
  const cwd = makeFolder();
  const words = ['run', makeSweep(cwd, 20), '--out', 'done', '--quiet'];
  expect(await inProcess(words, { cwd })).toMatchObject({ code: 0 });
  const before = seriesOf(join(cwd, 'done'));
  expect(before).toHaveLength(4);
  rmSync(join(cwd, 'done', 'series', before[1][0]));
  expect(await inProcess(words, { cwd })).toMatchObject({ code: 0, stderr: '' });
  expect(seriesOf(join(cwd, 'done'))).toEqual(before);
  // whoever draws it reads it
  const path = join(cwd, 'done', 'series', before[0][0]);
  const bytes = readFileSync(path);
  bytes[200] ^= 1;
  writeFileSync(path, bytes);
  const { code, stderr } = await inProcess(['plot', 'done'], { cwd });
  expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining('SERIES_DAMAGED') });
  expect(stderr).toContain(before[0][0]);
});

it('verify computes trajectories again', async () => {
  const cwd = makeFolder();
  expect(await inProcess(['run', makeSweep(cwd, 20), '--out', 'done', '--quiet'], { cwd })).toMatchObject({ code: 0 });
  const { code, stdout } = await inProcess(['verify', 'done', '--engine', 'reference', '--quiet'], { cwd });
  expect({ code, stdout }).toEqual({ code: 0, stdout: '4 outcomes recomputed, 0 differ\n' });
});

it('the table says where each training ended, in every format, and progress counts iterations', async () => {
  const cwd = makeFolder();
  const { stdout, stderr } = await inProcess(['run', makeSweep(cwd, 20), '--out', 'done'], { cwd });
  expect(stderr).toContain('0/4 tasks, 0/80 iterations');
  expect(stderr).toContain('4/4 tasks, 80/80 iterations');
  expect(stdout).toMatch(/tanh +1\/\(2 lambda\) .* 20 iterations/);
  expect(stdout).toMatch(/relu +constant 1000 .* diverged at \d+ \((nan|infinity)\)/);
  const csv = (await inProcess(['table', 'done', '--format', 'csv'], { cwd })).stdout.trim().split('\n');
  expect(csv).toHaveLength(5);
  expect(csv[0].split(',')).toEqual(
    expect.arrayContaining(['task', 'activation', 'scheme', 'edge', 'plateau', 'loss', 'cost']),
  );
  const json = JSON.parse((await inProcess(['table', 'done', '--format', 'json'], { cwd })).stdout);
  expect(json.entries[0].result).toMatchObject({ iterations: 20, divergence: null });
});

it('draws the panels that are asked for, of several directories in rows, and refuses what is not for them', async () => {
  const cwd = makeFolder();
  const sweep = makeSweep(cwd, 20);
  for (const out of ['one', 'two']) await inProcess(['run', sweep, '--out', out, '--quiet'], { cwd });
  const words = ['plot', 'one', 'two', '--panels', 'sharpness,step-size', '--by', 'scheme', '--facet', 'activation'];
  // a process of its own: rows are named by the directories as they are typed
  const { code, stdout, stderr } = await edgesweep([...words, '--format', 'svg', '--out', 'drawn'], { cwd });
  expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: 'drawn/figure.svg\n', stderr: '' });
  const svg = readFileSync(join(cwd, 'drawn', 'figure.svg'), 'utf8');
  for (const text of ['one, tanh: sharpness', 'two, relu: step size']) expect(svg).toContain(text);
  for (const [flags, words] of [
    [['--panels', 'los'], 'there is no such panel'],
    [['--x', 'depth'], 'trajectories are not plotted along that'],
    [['--by', 'scheme', '--facet', 'scheme'], 'is used in two places'],
  ] as const) {
    expect(await inProcess(['plot', 'one', ...flags], { cwd })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(words),
    });
  }
});
