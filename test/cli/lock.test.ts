import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { inProcess, makeFolder, start, waitFor, writeSweep } from '../support/mod.ts';

it('a directory is written by one run at a time, and is free at once when that is killed', async () => {
  const cwd = makeFolder();
  const sweep = writeSweep(cwd, {
    name: 'smoke',
    grid: '{activation: tanh, depth: 3, width: 60, dataset: {kind: synthetic, examples: 5000, dimensions: 10}}',
    search: '{initialStepSize: 0.0001, growth: 1.001, steps: 100, ceiling: 1.0}',
  });
  const running = start(['run', sweep], { cwd });
  await waitFor('the start', () => running.stderr.includes('0/3 tasks'));
  const sweepFile = () => readFileSync(join(cwd, 'results/smoke/sweep.yaml'), 'utf8');
  const before = sweepFile();

  const second = await inProcess(['run', 'smoke'], { cwd });
  expect(second).toMatchObject({ code: 2, stdout: '' });
  expect(second.stderr).toContain('error [DIRECTORY_LOCKED]');
  expect(second.stderr).toContain(`locked by process ${running.child.pid} on host`);
  expect(second.stderr).toMatch(/fix: +wait until it finishes, stop it, or .*--out/);
  expect(sweepFile()).toBe(before);
  expect(running.alive).toBe(true);

  const status = await inProcess(['status', 'results/smoke'], { cwd });
  expect(status).toMatchObject({ code: 0, stdout: expect.stringMatching(/^smoke: 0 done, 3 pending, 3 in all\n/) });

  running.kill();
  await running.ended;
  expect(await inProcess(['run', 'smoke', '--quiet'], { cwd })).toMatchObject({
    code: 0,
    stderr: expect.stringMatching(/^the sweep of this directory has changed:\n/),
  });
});
