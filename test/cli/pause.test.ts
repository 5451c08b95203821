import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { askRun } from '../../orchestrator/control/mod.ts';
import { readRecordedFailures } from '../../orchestrator/directory/mod.ts';
import { inProcess, journalLines, makeFolder, start, waitFor, writeSweep } from '../support/mod.ts';

it('a run is paused, resumed and drained by its directory, also after kill -9', async () => {
  const cwd = makeFolder();
  const sweep = writeSweep(cwd, {
    runs: 100,
    grid: '{activation: tanh, depth: 3, width: 10, dataset: {kind: synthetic, examples: 20, dimensions: 5}}',
    search: '{initialStepSize: 0.1, growth: 1.001, steps: 40, ceiling: 1.0e+4}',
  });
  const directory = join(cwd, 'out');
  const words = ['run', sweep, '--out', 'out', '--threads', '2'];
  const ask = async (action: string) => {
    const { stdout, code } = await inProcess([action, 'out', '--json'], { cwd });
    return { ...JSON.parse(stdout), code };
  };
  const lines = () => journalLines(directory).length;
  /** Pauses the run, and waits for the tasks in flight. */
  const pause = async () => {
    expect(await ask('pause')).toMatchObject({ code: 0, state: 'paused', before: 'running' });
    while ((await askRun(directory, { action: 'status', by: 'a test' })).after.running > 0) await sleep(20);
  };

  const killed = start(words, { cwd });
  await waitFor('outcomes', () => existsSync(directory) && lines() >= 2);
  await pause();
  const done = lines();
  expect(await ask('pause')).toMatchObject({
    message: 'is already paused',
    before: 'paused',
    done,
    pending: 100 - done,
  });
  expect(await inProcess(['pause', 'out'], { cwd })).toMatchObject({
    code: 0,
    stdout: `${directory}: is already paused\n  ${done} done, 0 running, ${100 - done} pending, 0 failed, 100 in all\n`,
  });
  expect(lines()).toBe(done);
  killed.kill();
  await killed.ended;
  expect(await ask('drain')).toMatchObject({
    code: 2,
    message: 'no run of this machine writes to the sweep directory',
  });

  const drained = start(words, { cwd });
  await waitFor('outcomes', () => lines() > done);
  await pause();
  const then = lines();
  expect(await ask('resume')).toMatchObject({ message: 'continues', before: 'paused', state: 'running' });
  await waitFor('outcomes', () => lines() > then);
  expect(await ask('drain')).toMatchObject({ code: 0, state: 'draining' });
  const { code, stderr } = await drained.ended;
  expect([code, stderr]).toEqual([
    130,
    expect.stringMatching(/edgesweep drain \(process \d+ on .+\): tasks in flight are finished/),
  ]);
  expect(stderr).toContain('interrupted; to resume, rerun: edgesweep run');
  expect(existsSync(join(directory, 'control'))).toBe(false);
  expect(await inProcess(['cancel', 'out'], { cwd })).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/drained/),
  });

  const ids = journalLines(directory).map((line) => JSON.parse(line).task.id);
  expect(new Set(ids).size).toBe(ids.length);
});

it('records the failures of a run without a server, and forgets them when their tasks are done', async () => {
  const cwd = makeFolder();
  const sweep = (file: string) => `name: probes
title: Probes
experiment: program
program: {name: probe, command: [${process.execPath}, ${file}], metrics: {loss: min}}
runs: 1
grid: {params.x: [1, 2]}
`;
  const program = (
    fails: boolean,
  ) => `const { params } = JSON.parse(require('node:fs').readFileSync(process.env.EDGESWEEP_IN, 'utf8'));
    if (${fails} && params.x === 2) { console.error('no such luck'); process.exit(3); }
    require('node:fs').writeFileSync(process.env.EDGESWEEP_OUT, JSON.stringify({ loss: 1 / params.x }));`;
  writeFileSync(join(cwd, 'probe.cjs'), program(true));
  writeFileSync(join(cwd, 'probes.yaml'), sweep('probe.cjs'));
  const run = () => inProcess(['run', 'probes.yaml', '--out', 'out', '--quiet'], { cwd });
  const directory = join(cwd, 'out');
  for (const _ of [1, 2]) {
    expect((await run()).code).toBe(1);
    const failures = await readRecordedFailures(directory);
    expect(failures).toMatchObject([{ task: { run: 0 }, error: { message: expect.stringMatching(/exit code 3/) } }]);
  }
  const { stdout } = await inProcess(['tasks', 'out', '--state', 'failed', '--json'], { cwd });
  const failed = JSON.parse(stdout);
  expect(failed).toMatchObject({ state: 'failed', error: expect.stringMatching(/exit code 3.*PROGRAM_FAILED/) });
  expect((await inProcess(['why', failed.task, '--in', 'out'], { cwd })).stdout).toMatch(
    /not recorded; it failed: .*exit code 3.*\[PROGRAM_FAILED\]\n.*no such luck/s,
  );
  writeFileSync(
    join(directory, 'failures.jsonl'),
    `{"task":1}\nnot JSON\n${readFileSync(join(directory, 'failures.jsonl'))}`,
  );
  expect(await readRecordedFailures(directory)).toHaveLength(1);
  writeFileSync(join(cwd, 'probe.cjs'), program(false));
  expect((await run()).code).toBe(0);
  expect(existsSync(join(directory, 'failures.jsonl'))).toBe(false);
});
