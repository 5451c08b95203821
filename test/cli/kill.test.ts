import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import {
  chance,
  inProcess,
  journalLines,
  journalText,
  makeFolder,
  outcomesText,
  type Running,
  start,
  tableFiles,
  writeSweep,
} from '../support/mod.ts';

const TASKS = 48;
const KILLS = 16;

/** 48 tasks of some hundredths of a second. */
const makeSweep = (folder: string): string =>
  writeSweep(folder, {
    name: 'kills',
    runs: TASKS / 4,
    grid: '{activation: [linear, tanh, relu, sigmoid], depth: 3, width: 10, dataset: {kind: synthetic, examples: 20, dimensions: 5}}',
    search: '{initialStepSize: 0.1, growth: 1.05, steps: 40, ceiling: 1.0e+4}',
  });

/** When a run is killed: `end` is when the last outcome is in, and the tables are written. */
type Moment = 'start' | 'middle' | 'end' | 'nothing left';

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
  expect(await inProcess(['run', sweep, '--out', 'undisturbed', '--quiet'], { cwd })).toMatchObject({ code: 0 });
  const expected = { outcomes: outcomesText(join(cwd, 'undisturbed')), tables: tableFiles(join(cwd, 'undisturbed')) };
  expect(expected.outcomes.split('\n')).toHaveLength(TASKS + 1);

  const random = chance('kill -9 at random moments');
  /** Kills it at a moment of one of four kinds; null when it had ended by then. */
  const killSometime = async (running: Running, directory: string): Promise<Moment | null> => {
    const done = journalLines(directory).length;
    const moment = done === TASKS ? 'nothing left' : random() < 0.2 ? 'start' : random() < 0.5 ? 'middle' : 'end';
    const awaited = { 'nothing left': 0, start: 0, middle: done + 1 + Math.floor(random() * 15), end: TASKS }[moment];
    while (running.alive && journalLines(directory).length < Math.min(awaited, TASKS)) await sleep(1);
    await sleep(random() * { 'nothing left': 800, start: 500, middle: 20, end: 60 }[moment]);
    if (!running.alive) return null;
    running.kill();
    return (await running.ended).signal === 'SIGKILL' ? moment : null;
  };

  const kills: Record<Moment, number> = { start: 0, middle: 0, end: 0, 'nothing left': 0 };
  const count = () => Object.values(kills).reduce((sum, n) => sum + n);
  let torn = 0;
  for (let directories = 1; count() < KILLS; directories += 1) {
    const name = `killed-${directories}`;
    const directory = join(cwd, name);
    for (let moment: Moment | null = 'start'; moment !== null && count() < KILLS; ) {
      const running = start(['run', sweep, '--out', name, '--quiet', '--threads', '2'], { cwd });
      moment = await killSometime(running, directory);
      if (moment === null) expect(await running.ended).toMatchObject({ code: 0 });
      else kills[moment] += 1;
      if (/[^\n]$/.test(journalText(directory))) torn += 1;
      if (moment === 'nothing left') break;
    }
    expect(await inProcess(['run', sweep, '--out', name, '--quiet'], { cwd })).toMatchObject({ code: 0, stderr: '' });
    const ids = journalLines(directory).map((line) => JSON.parse(line).task.id);
    expect(new Set(ids).size).toBe(ids.length);
    expect({ outcomes: outcomesText(directory), tables: tableFiles(directory) }).toEqual(expected);
    expect(readdirSync(directory).sort()).toEqual(FILES);
  }
  console.log(`killed at ${JSON.stringify(kills)}, ${torn} times with a torn line`);
}, 300_000);

it('a journal torn within its last line is mended by the next run', async () => {
  const cwd = makeFolder();
  expect(await inProcess(['run', 'smoke', '--out', 'torn', '--quiet'], { cwd })).toMatchObject({ code: 0 });
  const directory = join(cwd, 'torn');
  const path = join(directory, 'outcomes.jsonl');
  const expected = { outcomes: outcomesText(directory), tables: tableFiles(directory) };
  const whole = readFileSync(path);
  const lastLine = whole.lastIndexOf('\n', whole.length - 2) + 1;
  const length = whole.length - lastLine;
  // nothing of it, its first byte, somewhere in it, its last byte but one, all but the line end
  for (const kept of [0, 1, Math.floor(length / 3), Math.floor((2 * length) / 3), length - 2, length - 1]) {
    writeFileSync(path, whole.subarray(0, lastLine + kept));
    const ended = await inProcess(['run', 'smoke', '--out', 'torn', '--threads', '1'], { cwd });
    expect(ended.stderr).toMatch(/^5\/6 tasks\b/);
    expect(ended.code).toBe(0);
    expect({ outcomes: outcomesText(directory), tables: tableFiles(directory) }).toEqual(expected);
  }
});
