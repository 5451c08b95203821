import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { slotsFor } from '../../../orchestrator/local-pool.ts';
import { packFolder, stampOf, unpackFolder } from '../../../worker/programs/mod.ts';
import { waitFor } from '../../support/mod.ts';
import { isAlive, processesWith } from '../../support/proc.ts';
import { ask, failureOf, makeProgram, taskFor } from './support.ts';

describe.each(['persistent', 'one-shot'] as const)('a %s program', (mode) => {
  it('gets parameters with their types, run, seed and a random number of both; the same process answers again', async () => {
    const made = makeProgram(
      'return { n: params.layers.length + (params.on === true ? 1 : 0) + question.run, seed: question.seed, random: question.random };',
      { mode },
    );
    expect(await ask(made, { layers: [1, 2], on: true }, { run: 3 })).toEqual({
      values: { n: 6, random: expect.any(Number), seed: 5 },
      search: null,
      series: null,
    });
    const again = await ask(made, { layers: [], on: 'true' }, { run: 4 });
    expect(again.values.n).toBe(4);
  });

  it('may print: that is its log, whole, and in the failure', async () => {
    const made = makeProgram(
      "console.log('{\"loss\": 7}'); console.error('warned'); if (params.fail) throw new Error('broken'); return { loss: 1 };",
      { mode },
    );
    expect((await ask(made)).values).toEqual({ loss: 1 });
    const log = readFileSync(join(made.logs, `${taskFor(made).id}.log`), 'utf8');
    expect(log).toContain('{"loss": 7}\n');
    expect(log).toContain('warned\n');
    const { code, log: part, text } = await failureOf(made, { fail: true });
    expect([code, text]).toEqual(['PROGRAM_FAILED', expect.stringContaining('exit code 1')]);
    expect(part).toContain('Error: broken');
    expect((await ask(made, { again: 1 })).values).toEqual({ loss: 1 });
  });

  it('that exits without a result fails; exit code 75 and a signal are the machine, not the task', async () => {
    const made = makeProgram("if (params.kill) process.kill(process.pid, 'SIGKILL'); else process.exit(params.code);", {
      mode,
    });
    expect((await failureOf(made, { code: 0 })).text).toContain('ended with exit code 0 and gave no result');
    expect((await failureOf(made, { code: 3 })).code).toBe('PROGRAM_FAILED');
    expect(await failureOf(made, { code: 75 })).toMatchObject({
      code: 'machine',
      message: expect.stringContaining('75'),
    });
    expect((await failureOf(made, { kill: true })).message).toContain('was killed by SIGKILL');
  });

  it('that ignores TERM and has a child that left its group is ended with it after the timeout', async () => {
    const made = makeProgram(
      `process.on('SIGTERM', () => {});
       const child = require('node:child_process').spawn('sleep', ['1000'], { detached: true, stdio: 'ignore' });
       require('node:fs').writeFileSync(process.env.EDGESWEEP_ROOT + '/pids', process.pid + ' ' + child.pid);
       for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000);`,
      { mode, timeout: 0.5 },
    );
    const { code, text } = await failureOf(made);
    expect([code, text]).toEqual(['PROGRAM_TIMEOUT', expect.stringContaining('a result within')]);
    const pids = readFileSync(join(made.folder, 'pids'), 'utf8').split(' ').map(Number);
    await waitFor('both have ended', () => pids.every((pid) => !isAlive(pid)));
  });

  it('that leaks memory is killed at its bound', async () => {
    const made = makeProgram(
      'const all = []; for (;;) { all.push(Buffer.alloc(10_000_000, 1)); Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5); }',
      { mode, memory: 150_000_000 },
    );
    const { code, text } = await failureOf(made);
    expect([code, text]).toEqual(['PROGRAM_MEMORY', expect.stringContaining('at most 150 MB')]);
  });

  it('searches a parameter: the first value at which it says that it diverged', async () => {
    const made = makeProgram('return { diverged: params.lr > 3, seen: params.lr };', { mode });
    const search = { parameter: 'lr', initialStepSize: 1, growth: 2, ceiling: 100 };
    expect(await ask(made, {}, { search })).toMatchObject({
      search: { value: 4, rung: 2, end: 'diverged' },
      values: { seen: 4 },
    });
    expect((await ask(made, {}, { search: { ...search, ceiling: 3 } })).search).toEqual({
      value: 2,
      rung: 1,
      end: 'ceiling',
    });
    const silent = makeProgram('return { loss: 1 };', { mode });
    expect((await failureOf(silent, {}, { search })).text).toContain('does not say whether it diverged');
  });

  it('reports steps, which become a series', async () => {
    const made = makeProgram(
      'for (const step of [1, 2, 5]) say({ id, step, loss: 1 / step, ...(step > 1 && { lr: null }) }); return { loss: 0.2 };',
      { mode },
    );
    const { series } = await ask(made);
    expect(series).toEqual({ rows: 3, digest: expect.stringMatching(/^[0-9a-f]{64}$/) });
    const back = makeProgram('say({ id, step: 2, loss: 1 }); say({ id, step: 1, loss: 1 }); return { loss: 1 };', {
      mode,
    });
    expect((await failureOf(back)).text).toContain('step 1 after step 2');
  });
});

it.each([
  ['half a JSON', 'say(\'{"id":"\' + id + \'","loss": 0.\')', 'not JSON'],
  ['NaN', 'say(\'{"id":"\' + id + \'","loss": NaN}\')', 'JSON has no NaN'],
  ['an infinite number', 'say(\'{"id":"\' + id + \'","loss": 1e999}\')', 'the metric `loss` is no number'],
  ['text', "say({ id, loss: '0.5' })", 'the metric `loss` is no number: "0.5"'],
  ['2 MB', "say({ id, loss: 'x'.repeat(2e6) })", 'a line of more than 1048576 bytes'],
  [
    'two results',
    "say([{ id, loss: 1 }, { id, loss: 2 }].map((v) => JSON.stringify(v)).join('\\n'))",
    /2 results|more after the result/,
  ],
  ['the answer of another', "say({ id: 'other', loss: 1 })", 'answer'],
  ['an error of its own', "say({ id, ok: false, error: 'Traceback\\nValueError: no data' })", 'ValueError: no data'],
  ['a number with the name of a failure', 'say({ id, error: 0.5, loss: 1 })', 'choose another name'],
  ['none of the metrics', 'say({ id, accuracy: 1 })', 'no number for loss'],
])('a program that writes %s fails its task, and the next one is done', async (_, body, words) => {
  const made = makeProgram(`if (params.well) return { loss: 1 }; ${body}`, {});
  const { code, text } = await failureOf(made, {}, { metrics: ['loss'] });
  expect(code).toBe('PROGRAM_FAILED');
  if (typeof words === 'string') expect(text).toContain(words);
  else expect(text).toMatch(words);
  expect((await ask(made, { well: true }, { metrics: ['loss'] })).values).toEqual({ loss: 1 });
});

it('a one-shot program that gives two results fails its task', async () => {
  const made = makeProgram('say({ loss: 1 }); return { loss: 2 };', { mode: 'one-shot' });
  expect((await failureOf(made)).text).toContain('2 results');
});

it('a persistent program that never says hello fails its tasks', async () => {
  const made = makeProgram('process.stdin.resume();', { start: 0.3 }, { whole: true });
  expect((await failureOf(made)).text).toContain('does not say hello');
});

it('a persistent program that reads slowly gets all of a large task', async () => {
  const made = makeProgram(
    `const { readSync, writeSync } = require('node:fs');
     writeSync(3, '{"protocol":1}\\n');
     let text = '';
     const one = Buffer.alloc(4096);
     while (!text.endsWith('\\n')) { try { text += one.toString('utf8', 0, readSync(0, one, 0, 4096)); } catch { } }
     const { id, params } = JSON.parse(text);
     writeSync(3, JSON.stringify({ id, letters: params.text.length }) + '\\n');
     process.stdin.resume();`,
    {},
    { whole: true },
  );
  expect((await ask(made, { text: 'x'.repeat(60_000) })).values).toEqual({ letters: 60_000 });
});

it('a persistent program is replaced after so many tasks; the process is another one', async () => {
  const made = makeProgram('return { pid: process.pid };', { recycle: { tasks: 2 } });
  const pids = [];
  for (const run of [0, 1, 2, 3, 4]) pids.push((await ask(made, {}, { run })).values.pid);
  expect(pids[0]).toBe(pids[1]);
  expect(new Set(pids).size).toBe(3);
});

it.each([
  ['changed', "require('node:fs').appendFileSync(file, '// changed')", 'program.cjs differs'],
  ['removed', "require('node:fs').rmSync(file)", 'program.cjs is missing'],
])(
  'a file that is %s during a one-shot trial fails it, since nobody knows what the program read',
  async (_, change, words) => {
    const made = makeProgram(
      `const file = process.env.EDGESWEEP_ROOT + '/program.cjs'; ${change}; return { loss: 1 };`,
      {
        mode: 'one-shot',
      },
    );
    const { code, text } = await failureOf(made);
    expect([code, text]).toEqual(['PROGRAM_DIFFERS', expect.stringContaining(words)]);
  },
);

it('each slot has one of the GPUs that CUDA_VISIBLE_DEVICES names, in turn', async () => {
  const env = { PATH: process.env.PATH, CUDA_VISIBLE_DEVICES: '2,5' };
  const made = makeProgram(
    `console.log('GPU ' + process.env.CUDA_VISIBLE_DEVICES);
     return { gpu: Number(process.env.CUDA_VISIBLE_DEVICES), slot: Number(process.env.EDGESWEEP_SLOT) };`,
    {},
    { env, slots: 3 },
  );
  const results = await Promise.all([0, 1, 2].map((run) => ask(made, {}, { run })));
  const gpus = Object.fromEntries(results.map(({ values: { slot, gpu } }) => [slot, gpu]));
  expect(gpus).toEqual({ 0: 2, 1: 5, 2: 2 });
  expect(readFileSync(join(made.logs, `${taskFor(made, {}, { run: 0 }).id}.log`), 'utf8')).toMatch(/^GPU [25]\n$/);
  expect(slotsFor(8, env)).toBe(2);
  expect(slotsFor(8, { CUDA_VISIBLE_DEVICES: '-1' })).toBe(8);
});

it('a program that is changed, missing or not executable is refused; nothing else of the environment reaches it', async () => {
  const made = makeProgram(
    'return { secrets: Object.keys(process.env).filter((name) => /SECRET/.test(name)).length };',
    { mode: 'one-shot' },
    { env: { PATH: process.env.PATH, MY_SECRET: 'x' } },
  );
  expect((await ask(made)).values).toEqual({ secrets: 0 });
  writeFileSync(join(made.folder, 'program.cjs'), '// changed');
  expect(await failureOf(made)).toMatchObject({
    code: 'PROGRAM_DIFFERS',
    text: expect.stringContaining('program.cjs differs'),
  });
  const missing = makeProgram('', {}, { command: ['no-such-program'] });
  expect(await failureOf(missing)).toMatchObject({
    code: 'PROGRAM_MISSING',
    text: expect.stringContaining('is not found'),
  });
  const unmarked = makeProgram('', {}, { command: ['./program.cjs'] });
  expect((await failureOf(unmarked)).text).toContain('is not executable');
});

it('closing ends what is under way, and what left its group', async () => {
  const made = makeProgram(
    "const child = require('node:child_process').spawn('sleep', ['1000'], { detached: true, stdio: 'ignore' }); require('node:fs').writeFileSync(process.env.EDGESWEEP_ROOT + '/cookie', process.env.EDGESWEEP_COOKIE); return undefined;",
  );
  const failed = failureOf(made);
  const path = join(made.folder, 'cookie');
  await waitFor('the cookie', () => existsSync(path) && readFileSync(path, 'utf8') !== '');
  const cookie = readFileSync(path, 'utf8');
  expect(processesWith(cookie).length).toBe(2);
  await made.pool.close();
  expect((await failed).code).toBe('machine');
  await waitFor('all have ended', () => processesWith(cookie).filter(isAlive).length === 0);
});

it('a task that is killed resumes from its folder, which moves to another machine; its series is whole', async () => {
  const body = `const { existsSync, readFileSync, writeFileSync } = require('node:fs');
     const path = question.folder + '/at';
     let at = existsSync(path) ? Number(readFileSync(path, 'utf8')) : 0;
     for (; at < 4; at++) {
       say({ id, step: at, from: tasks });
       writeFileSync(path, String(at));
       if (at === 2 && params.first) { params.first = false; if (!existsSync(question.folder + '/killed')) { writeFileSync(question.folder + '/killed', ''); process.kill(process.pid, 'SIGKILL'); } }
     }
     return { at };`;
  const made = makeProgram(body, { checkpoints: true });
  const task = taskFor(made, { first: true });
  expect((await failureOf(made, { first: true })).message).toContain('SIGKILL');
  const [here, there] = [join(made.folder, 'folders', `${task.id}.program`), join(made.folder, 'there')];
  const packed = packFolder(here, task.id);
  expect(unpackFolder(there, 'another', packed)).toBe(false);
  expect(unpackFolder(there, task.id, packed.subarray(0, -1))).toBe(false);
  expect(unpackFolder(there, task.id, packed)).toBe(true);
  expect(stampOf(there)).toContain('killed');
  rmSync(here, { recursive: true });
  renameSync(there, here);
  expect(await ask(made, { first: true })).toMatchObject({ values: { at: 4 }, series: { rows: 4 } });
});
