import { execFileSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { expect, it } from 'vitest';
import {
  inProcess,
  journalLines,
  journalText,
  makeFolder,
  outcomesText,
  PROGRAM,
  start,
  tableFiles,
  waitFor,
  writeSweep,
} from '../support/mod.ts';

const TASKS = 20;

const TWO_THREADS = { EDGESWEEP_THREADS: '2' };

/** 20 tasks of about a tenth of a second. */
const makeSweep = (folder: string): string =>
  writeSweep(folder, {
    name: 'interrupted',
    runs: TASKS,
    grid: '{activation: tanh, depth: 3, width: 10, dataset: {kind: synthetic, examples: 100, dimensions: 10}}',
    search: '{initialStepSize: 0.1, growth: 1.02, steps: 100, ceiling: 1.0e+4}',
  });

/** Tasks that each take minutes. */
const makeEndlessSweep = (folder: string): string =>
  writeSweep(folder, {
    name: 'endless',
    grid: '{activation: tanh, depth: 3, width: 60, dataset: {kind: synthetic, examples: 5000, dimensions: 10}}',
    search: '{initialStepSize: 0.0001, growth: 1.001, steps: 100, ceiling: 1.0}',
  });

/** A folder with an `edgesweep` for the PATH, as an installed one would be. */
function installedProgram(): string {
  const folder = makeFolder();
  const path = join(folder, 'edgesweep');
  writeFileSync(path, `#!/bin/sh\nexec '${process.execPath}' '${PROGRAM}' "$@"\n`);
  chmodSync(path, 0o755);
  return folder;
}

it.each(['SIGINT', 'SIGTERM'] as const)('one %s finishes what is under way, and says how to go on', async (signal) => {
  const cwd = makeFolder();
  const sweep = makeSweep(cwd);
  expect(await inProcess(['run', sweep, '--out', 'undisturbed', '--quiet'], { cwd })).toMatchObject({ code: 0 });
  const directory = join(cwd, "it's interrupted");
  const words = ['run', sweep, '--out', "it's interrupted", '--set', 'grid.width={from: 10, to: 10, step: 1}'];
  const running = start(words, { cwd, env: TWO_THREADS });
  await waitFor('the first outcome', () => journalLines(directory).length > 0);
  running.child.kill(signal);
  const ended = await running.ended;
  expect(ended).toMatchObject({ code: 130, signal: null });
  expect(ended.stderr).toContain('interrupted: finishing the tasks in flight; interrupt again to stop now\n');

  // everything that was counted is in the journal
  const [, counted] = /^(\d+)\/20 tasks in \d+ s$/m.exec(ended.stderr) ?? [];
  expect(journalLines(directory)).toHaveLength(Number(counted));
  expect(Number(counted)).toBeLessThan(TASKS);
  expect(journalText(directory).endsWith('}\n')).toBe(true);
  expect(ended.stdout).toContain(`partial: ${counted} of ${TASKS} tasks`);

  const [, command] = /^interrupted; to resume, rerun: (.*)$/m.exec(ended.stderr) ?? [];
  execFileSync('sh', ['-c', command], {
    cwd,
    env: { ...process.env, PATH: `${installedProgram()}${delimiter}${process.env.PATH}` },
    stdio: 'pipe',
  });
  expect(outcomesText(directory)).toBe(outcomesText(join(cwd, 'undisturbed')));
  expect(tableFiles(directory)).toEqual(tableFiles(join(cwd, 'undisturbed')));
});

it('a second Ctrl-C stops at once, in the middle of a task', async () => {
  const cwd = makeFolder();
  const sweep = makeEndlessSweep(cwd);
  const running = start(['run', sweep, '--out', 'stopped'], { cwd, env: TWO_THREADS });
  await waitFor('the start', () => running.stderr.includes('0/3 tasks'));
  running.child.kill('SIGINT');
  await waitFor('the answer to the first', () => running.stderr.includes('interrupted: finishing'));
  running.child.kill('SIGINT');
  // the tasks would go on for minutes
  const ended = await running.ended;
  expect(ended).toMatchObject({ code: 130, signal: null });
  expect(ended.stderr).toContain(`rerun: edgesweep run ${sweep} --out stopped\n`);
  expect(ended.stderr).not.toContain('failed');
  expect(journalText(join(cwd, 'stopped'))).toBe('');

  const status = await inProcess(['status', 'stopped', '--json'], { cwd });
  expect(JSON.parse(status.stdout)).toMatchObject({ done: 0, pending: 3, total: 3 });
});
