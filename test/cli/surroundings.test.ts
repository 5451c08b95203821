import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import {
  inProcess,
  journalLines,
  makeFolder,
  PROGRAM,
  start,
  startProcess,
  waitFor,
  writeSweep,
} from '../support/mod.ts';

const QUICK_SWEEP = ['run', 'smoke', '--runs', '1', '--quiet'];

it('too few open files: an error with a fix, and no call for a bug report', async () => {
  const cwd = makeFolder();
  // with fewer Node itself does not start; with these, parts of the program cannot be loaded
  for (const most of [24, 34]) {
    const script = `ulimit -n ${most}; exec "$0" "$@"`;
    const ended = await startProcess('bash', ['-c', script, process.execPath, PROGRAM, ...QUICK_SWEEP], { cwd }).ended;
    expect(ended).toMatchObject({ code: 1, stdout: '' });
    expect(ended.stderr).toMatch(/^error \[DISK\]: /);
    expect(ended.stderr).toMatch(/got: +EMFILE: this process has too many open files\n +fix: +raise the limit/);
    expect(ended.stderr).not.toContain('bug');
  }
});

it('a deleted working directory is named', async () => {
  const cwd = join(makeFolder(), 'deleted');
  mkdirSync(cwd);
  const script = 'rmdir "$PWD"; exec "$0" "$@"';
  const ended = await startProcess('bash', ['-c', script, process.execPath, PROGRAM, ...QUICK_SWEEP], { cwd }).ended;
  expect(ended).toMatchObject({ code: 2, stdout: '' });
  expect(ended.stderr).toMatch(/^error \[DIRECTORY_UNREADABLE\]: the current directory no longer exists\n/);
  expect(ended.stderr).toMatch(/fix: +change to another directory/);
});

it('a link that leads nowhere is refused as the sweep directory, and stays', async () => {
  const cwd = makeFolder();
  symlinkSync('nowhere', join(cwd, 'link'));
  const ended = await inProcess([...QUICK_SWEEP, '--out', 'link'], { cwd });
  expect(ended).toMatchObject({ code: 1, stdout: '' });
  expect(ended.stderr).toMatch(/got: +a symbolic link to nowhere, which does not exist/);
  expect(readdirSync(cwd)).toEqual(['link']);
  // one that leads to a directory is as good as that
  mkdirSync(join(cwd, 'nowhere'));
  expect((await inProcess([...QUICK_SWEEP, '--out', 'link'], { cwd })).code).toBe(0);
});

it("SIGUSR1 does not open Node's inspector", async () => {
  const cwd = makeFolder();
  const sweep = writeSweep(cwd, {
    grid: '{activation: tanh, depth: 3, width: 60, dataset: {kind: synthetic, examples: 5000, dimensions: 10}}',
    search: '{initialStepSize: 0.0001, growth: 1.001, steps: 100, ceiling: 1.0}',
  });
  const running = start(['run', sweep], { cwd });
  await waitFor('the start', () => running.stderr.includes('0/3 tasks'));
  running.child.kill('SIGUSR1');
  running.child.kill('SIGINT');
  await waitFor('the interruption', () => running.stderr.split('\n').length > 2);
  running.child.kill('SIGINT');
  const { code, stderr } = await running.ended;
  expect(code).toBe(130);
  expect(stderr).not.toMatch(/debugger/i);
});

it('checkpoints of recorded tasks are removed when the directory is opened, those of others stay', async () => {
  const cwd = makeFolder();
  const set = ['--set', 'trajectory.iterations=5', '--set', 'grid.activation=tanh'];
  const run = ['run', 'figure-3.1', '--runs', '1', ...set, '--out', 'd', '--quiet'];
  expect((await inProcess(run, { cwd })).code).toBe(0);
  const { id } = JSON.parse(journalLines(join(cwd, 'd'))[0]).task;
  const folder = join(cwd, 'd/checkpoints');
  mkdirSync(folder, { recursive: true });
  const other = `${'0'.repeat(32)}.checkpoint`;
  for (const name of [`${id}.checkpoint`, `${id}.checkpoint.before`, `${id}.checkpoint.part`, other]) {
    writeFileSync(join(folder, name), '');
  }
  expect((await inProcess(run, { cwd })).code).toBe(0);
  expect(readdirSync(folder)).toEqual([other]);
});
