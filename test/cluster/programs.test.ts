import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { packageRoot } from '../../shared/mod.ts';
import { edgesweep, makeFolder, startNats, tableFiles, waitFor } from '../support/mod.ts';
import { isAlive, processesWith } from '../support/proc.ts';
import { expectComplete, isReady, outcomesOf, startRun, startWorker, undisturbed, untilRecorded } from './support.ts';

const ALLOW = ['--slots', '2', '--allow', `probe=${process.execPath} probe.mjs`];

/** A program that tells who it is, and a sweep of it. */
function makeProgram(folder: string, mode: string, seconds = 0): string {
  mkdirSync(folder, { recursive: true });
  cpSync(join(packageRoot(), 'docs/programs/edgesweep-task.mjs'), join(folder, 'edgesweep-task.mjs'));
  writeFileSync(
    join(folder, 'probe.mjs'),
    `import { serve } from './edgesweep-task.mjs';
import { setTimeout as sleep } from 'node:timers/promises';
serve(async ({ params, run, random }, step) => {
  console.log('run', run);
  if (params.fail === run) throw new Error('no luck');
  await sleep(${1000 * seconds});
  if (params.x > 1) step(1, { loss: random });
  return { loss: params.x + run };
});
`,
  );
  const sweep = join(folder, `${mode}.yaml`);
  writeFileSync(
    sweep,
    `name: ${mode}
title: A program
experiment: program
program: {name: probe, command: [${process.execPath}, probe.mjs], mode: ${mode}, files: ["*.mjs"], metrics: {loss: min}}
runs: ${mode === 'persistent' ? 20 : 4}
grid: {params.x: [1, 2]}
`,
  );
  return sweep;
}

it('nodes start what they allow; killed with their programs, they change nothing and leave no process', async () => {
  const cwd = makeFolder();
  const sweep = makeProgram(cwd, 'persistent', 0.05);
  const [nats, expected] = [await startNats(), await undisturbed(cwd, sweep)];
  makeProgram(join(cwd, 'other'), 'persistent', 1);
  const bare = startWorker(nats.url, cwd, 'bare');
  const other = startWorker(nats.url, cwd, 'other', [...ALLOW, '--program-dir', 'other']);
  const good = startWorker(nats.url, cwd, 'good', ALLOW);
  await waitFor('the workers', () => [bare, other, good].every(isReady));
  const run = startRun(nats.url, cwd, sweep, 'out');
  await untilRecorded(join(cwd, 'out'), 8);
  const programs = processesWith(`EDGESWEEP_COOKIE=${good.child.pid}-`);
  expect(programs.length).toBeGreaterThan(0);
  good.kill();
  await good.ended;
  await waitFor('its programs have ended', () => !programs.some(isAlive));
  startWorker(nats.url, cwd, 'next', ALLOW);
  await expectComplete(run, join(cwd, 'out'), expected);
  expect(outcomesOf(join(cwd, 'out')).filter(({ provenance }) => provenance.file !== undefined)).toHaveLength(20);
  expect(bare.stderr).toContain(
    "probe: it is not allowed here (allowed: none); start the worker with --allow 'probe=COMMAND'",
  );
  expect(other.stderr).toContain('are not those of the sweep: probe.mjs differs');

  // one-shot, on the same nodes; a task that fails is set aside with its log
  const single = makeProgram(cwd, 'one-shot');
  writeFileSync(join(cwd, 'fails.yaml'), readFileSync(single, 'utf8').replace('grid: {', 'grid: {params.fail: 2, '));
  const failed = await edgesweep(['run', 'fails.yaml', '--nats', nats.url, '--out', 'fails'], { cwd });
  expect(failed).toMatchObject({ code: 1, stderr: expect.stringContaining('Error: no luck') });
  expect(outcomesOf(join(cwd, 'fails'))).toHaveLength(6);
  expect(tableFiles(join(cwd, 'fails'))['table.csv']).toContain('mean');
  const [, task = ''] = /task ([0-9a-f]{32}) failed/.exec(failed.stderr) ?? [];
  const why = await edgesweep(['why', task, '--in', 'fails', '--nats', nats.url], { cwd });
  expect(why.stdout).toMatch(/set aside: .*\n {4}log:\n {6}\| run 2\n/);
  expect(existsSync(join(cwd, 'fails', 'logs'))).toBe(false);
});
