import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { listSubjects } from '../../orchestrator/cluster/subjects.ts';
import { readSeries } from '../../orchestrator/directory/mod.ts';
import { type ProgramResult, packageRoot } from '../../shared/mod.ts';
import { STREAMS } from '../../shared/protocol/mod.ts';
import { inProcess, makeFolder, start, startHere, startNats, tableFiles, waitFor } from '../support/mod.ts';
import { isAlive, processesWith } from '../support/proc.ts';
import { connectTo } from './deployed.ts';
import { expectComplete, isReady, outcomesOf, runHere, startWorker, undisturbed, untilRecorded } from './support.ts';

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
  const here = (name: string, words: string[]) =>
    startHere(['worker', '--nats', nats.url, '--threads', '1', '--name', name, ...words], { cwd });
  const bare = here('bare', []);
  const other = here('other', [...ALLOW, '--program-dir', join(cwd, 'other')]);
  const good = startWorker(nats.url, cwd, 'good', ALLOW);
  await waitFor('the workers', () => [bare, other, good].every(isReady));
  const run = runHere(nats.url, cwd, sweep, 'out');
  await untilRecorded(join(cwd, 'out'), 8);
  const programs = processesWith(`EDGESWEEP_COOKIE=${good.child.pid}-`);
  expect(programs.length).toBeGreaterThan(0);
  good.kill();
  await good.ended;
  await waitFor('its programs have ended', () => !programs.some(isAlive));
  here('next', ALLOW);
  await expectComplete(run, join(cwd, 'out'), expected);
  expect(outcomesOf(join(cwd, 'out')).filter(({ provenance }) => provenance.file !== undefined)).toHaveLength(20);
  expect(bare.stderr).toContain(
    "probe: it is not allowed here (allowed: none); start the worker with --allow 'probe=COMMAND'",
  );
  expect(other.stderr).toContain('are not those of the sweep: probe.mjs differs');

  // one-shot, on the same nodes; a task that fails is set aside with its log
  const single = makeProgram(cwd, 'one-shot');
  writeFileSync(join(cwd, 'fails.yaml'), readFileSync(single, 'utf8').replace('grid: {', 'grid: {params.fail: 2, '));
  const failed = await inProcess(['run', 'fails.yaml', '--nats', nats.url, '--out', 'fails'], { cwd });
  expect(failed).toMatchObject({ code: 1, stderr: expect.stringContaining('Error: no luck') });
  expect(outcomesOf(join(cwd, 'fails'))).toHaveLength(6);
  expect(tableFiles(join(cwd, 'fails'))['table.csv']).toContain('mean');
  const [, task = ''] = /task ([0-9a-f]{32}) failed/.exec(failed.stderr) ?? [];
  const why = await inProcess(['why', task, '--in', 'fails', '--nats', nats.url], { cwd });
  expect(why.stdout).toMatch(/set aside: .*\n {4}log:\n {6}\| run 2\n/);
  expect(existsSync(join(cwd, 'fails', 'logs'))).toBe(false);
});

it('the folder of a task moves to another node when its node is killed; the series has the steps of both', async () => {
  const cwd = makeFolder();
  cpSync(join(packageRoot(), 'docs/programs/edgesweep-task.mjs'), join(cwd, 'edgesweep-task.mjs'));
  writeFileSync(
    join(cwd, 'probe.mjs'),
    `import { serve } from './edgesweep-task.mjs';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
const node = Number(process.env.NODE_NUMBER);
serve(async ({ folder }, step) => {
  const path = folder + '/at';
  const from = existsSync(path) ? Number(readFileSync(path, 'utf8')) : 0;
  for (let at = from; at < 4; at++) {
    step(at, { node });
    writeFileSync(path, String(at + 1));
    // the first node never ends it
    if (at === 1 && node === 1) await new Promise((resolve) => setTimeout(resolve, 1e6));
  }
  return { from, node };
});
`,
  );
  const sweep = `name: moves
title: A program with a folder
experiment: program
program: {name: probe, command: [${process.execPath}, probe.mjs], mode: persistent, files: ["*.mjs"], checkpoints: true}
grid: {params.x: 1}
`;
  writeFileSync(join(cwd, 'moves.yaml'), sweep);
  const nats = await startNats();
  const startNode = async (node: number) => {
    const words = ['--name', `node-${node}`, '--scratch', `scratch-${node}`, '--pass-env', 'NODE_NUMBER', ...ALLOW];
    const env = { NODE_NUMBER: String(node) };
    const worker = start(['worker', '--nats', nats.url, '--threads', '1', ...words], { cwd, env });
    await waitFor(`node ${node}`, () => isReady(worker));
    return worker;
  };
  const first = await startNode(1);
  const run = runHere(nats.url, cwd, 'moves.yaml', 'out');
  const cluster = await connectTo(nats);
  const heads = () => listSubjects(cluster, STREAMS.checkpoints, '*.*.*.*.head.*');
  await expect.poll(heads, { timeout: 60_000 }).toHaveLength(1);
  first.kill();
  await first.ended;
  const second = await startNode(2);
  expect(await run.ended).toMatchObject({ code: 0 });
  expect(second.stderr).toContain('resumes from a checkpoint that another node stored on the server');
  const [outcome] = outcomesOf(join(cwd, 'out'));
  const { values } = outcome.result as ProgramResult;
  expect(values.node).toBe(2);
  expect(values.from).toBeGreaterThan(0);
  const { columns } = await readSeries(join(cwd, 'out'), outcome);
  expect([...columns.get('step')!]).toEqual([0, 1, 2, 3]);
  expect([...columns.get('node')!]).toEqual([0, 1, 2, 3].map((at) => (at < values.from ? 1 : 2)));
});
