import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import {
  chance,
  edgesweep,
  journalLines,
  makeFolder,
  outcomesText,
  type Running,
  start,
  tableFiles,
  writeSweep,
} from '../support/mod.ts';

const TASKS = 48;
const KILLS = 24;

/** 48 tasks of some hundredths of a second. */
const makeSweep = (folder: string): string =>
  writeSweep(folder, {
    name: 'kills',
    runs: TASKS / 4,
    grid: '{activation: [linear, tanh, relu, sigmoid], depth: 3, width: 10, dataset: {kind: synthetic, examples: 20, dimensions: 5}}',
    search: '{initialStepSize: 0.1, growth: 1.03, steps: 50, ceiling: 1.0e+4}',
  });

/** Size of the journal in bytes, 0 when there is none. */
const journalSize = (directory: string): number =>
  statSync(join(directory, 'outcomes.jsonl'), { throwIfNoEntry: false })?.size ?? 0;

/** Every file that a finished directory has, and no leftovers of writes that were cut short. */
const FILES = [
  'lock',
  'manifest.json',
  'outcomes.jsonl',
  'sweep.yaml',
  'table.csv',
  'table.json',
  'table.md',
  'table.tex',
];

it('kill -9 at any moment, then run again, ends with what an undisturbed run ends with', async () => {
  const cwd = makeFolder();
  const sweep = makeSweep(cwd);
  expect(await edgesweep(['run', sweep, '--out', 'undisturbed', '--quiet'], { cwd })).toMatchObject({ code: 0 });
  const expected = { outcomes: outcomesText(join(cwd, 'undisturbed')), tables: tableFiles(join(cwd, 'undisturbed')) };
  expect(expected.outcomes.split('\n')).toHaveLength(TASKS + 1);

  const random = chance('kill -9 at random moments');
  let kills = 0;
  let directories = 0;
  let withTorn = 0;
  /** Kills it at a moment of one of three kinds; false when it had ended by then. */
  const killSometime = async (running: Running, directory: string): Promise<boolean> => {
    const kind = random();
    const size = journalSize(directory);
    const done = journalLines(directory).length;
    // starting, or opening the directory; or after some outcomes; or when the last are in, and the tables are written
    if (kind < 0.3) await sleep(random() * 600);
    else {
      const outcomes = kind < 0.8 ? 1 + Math.floor(random() * 10) : TASKS - done;
      const target = size + outcomes * 500;
      while (running.alive && journalSize(directory) < target && journalLines(directory).length < TASKS) await sleep(1);
      await sleep(random() * 30);
    }
    if (!running.alive) return false;
    running.killGroup();
    return (await running.ended).signal === 'SIGKILL';
  };

  while (kills < KILLS) {
    directories += 1;
    const name = `killed-${directories}`;
    const directory = join(cwd, name);
    let killed = true;
    while (killed && kills < KILLS) {
      const running = start(['run', sweep, '--out', name, '--quiet'], { cwd });
      killed = await killSometime(running, directory);
      if (killed) kills += 1;
      else expect(await running.ended).toMatchObject({ code: 0 });
      if (journalSize(directory) > 0 && !readFileSync(join(directory, 'outcomes.jsonl'), 'utf8').endsWith('\n'))
        withTorn += 1;
    }
    expect(await edgesweep(['run', sweep, '--out', name, '--quiet'], { cwd })).toMatchObject({ code: 0, stderr: '' });
    const ids = journalLines(directory).map((line) => JSON.parse(line).task.id);
    expect(new Set(ids).size).toBe(ids.length);
    expect({ outcomes: outcomesText(directory), tables: tableFiles(directory) }).toEqual(expected);
    expect(readdirSync(directory).sort()).toEqual(FILES);
  }
  console.log(`${kills} kills in ${directories} directories, ${withTorn} with a torn line`);
});

it('a journal torn within its last line is mended by the next run', async () => {
  const cwd = makeFolder();
  expect(await edgesweep(['run', 'smoke', '--out', 'torn', '--quiet'], { cwd })).toMatchObject({ code: 0 });
  const directory = join(cwd, 'torn');
  const path = join(directory, 'outcomes.jsonl');
  const expected = { outcomes: outcomesText(directory), tables: tableFiles(directory) };
  const whole = readFileSync(path);
  const lastLine = whole.lastIndexOf('\n', whole.length - 2) + 1;
  const length = whole.length - lastLine;
  // nothing of it, its first byte, somewhere in it, its last byte but one, all but the line end
  for (const kept of [0, 1, Math.floor(length / 3), Math.floor((2 * length) / 3), length - 2, length - 1]) {
    writeFileSync(path, whole.subarray(0, lastLine + kept));
    const ended = await edgesweep(['run', 'smoke', '--out', 'torn', '--threads', '1'], { cwd });
    expect(ended.stderr).toMatch(/^5\/6 tasks\n/);
    expect(ended.code).toBe(0);
    expect({ outcomes: outcomesText(directory), tables: tableFiles(directory) }).toEqual(expected);
  }
});
