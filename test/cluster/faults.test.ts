import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { listSweeps } from '../../orchestrator/cluster/mod.ts';
import type { SearchTask } from '../../shared/mod.ts';
import { connectCluster } from '../../shared/protocol/mod.ts';
import { expand, loadSweepOf } from '../../shared/sweep/mod.ts';
import {
  chance,
  inProcess,
  makeFolder,
  type Running,
  startHere,
  startNats,
  tableFiles,
  waitFor,
} from '../support/mod.ts';
import { malformedMessages } from './malformed.ts';
import {
  contentsOf,
  expectClean,
  expectComplete,
  isReady,
  keyOf,
  makeSweep,
  recorded,
  runHere,
  startRun,
  startWorker,
  startWorkers,
  TASKS,
  undisturbed,
  untilRecorded,
} from './support.ts';

async function killHard(running: Running): Promise<void> {
  running.kill();
  await running.ended;
}

it('kill -9 of workers, of the orchestrator and of the server, one after the other, changes nothing', async () => {
  const cwd = makeFolder();
  const sweep = makeSweep(cwd);
  const nats = await startNats();
  const expected = await undisturbed(cwd, sweep);
  const directory = join(cwd, 'killed');
  const [first, second] = ['first', 'second'].map((name) => startWorker(nats.url, cwd, name));
  await waitFor('the workers', () => isReady(first) && isReady(second));

  let run = startRun(nats.url, cwd, sweep, 'killed');
  await untilRecorded(directory, 10);
  await killHard(first);
  const third = startWorker(nats.url, cwd, 'third');
  await untilRecorded(directory, 30);
  await nats.kill();
  await sleep(200);
  await nats.restart();
  await untilRecorded(directory, 60);
  await killHard(run);
  const afterKill = recorded(directory);
  run = startRun(nats.url, cwd, sweep, 'killed');
  await expectComplete(run, directory, expected);
  expect(afterKill).toBeLessThan(TASKS);
  for (const { stderr } of [second, third]) expectClean(stderr);
});

it('a server that loses its whole store is sent everything again that is not recorded', async () => {
  const cwd = makeFolder();
  const sweep = makeSweep(cwd);
  const nats = await startNats();
  const expected = await undisturbed(cwd, sweep);
  const directory = join(cwd, 'wiped');
  const workers = await startWorkers(nats.url, cwd, ['first', 'second']);
  const run = runHere(nats.url, cwd, sweep, 'wiped');
  await untilRecorded(directory, 40);
  await nats.kill();
  rmSync(join(nats.folder, 'store'), { recursive: true });
  const atWipe = recorded(directory);
  await nats.restart();
  await expectComplete(run, directory, expected);
  expect(atWipe).toBeLessThan(TASKS);
  for (const { stderr } of workers) expectClean(stderr);
});

it('malformed, oversized and foreign messages harm nothing', async () => {
  const cwd = makeFolder();
  const sweepFile = makeSweep(cwd);
  const nats = await startNats();
  const expected = await undisturbed(cwd, sweepFile);
  const directory = join(cwd, 'malformed');
  const sweep = loadSweepOf('maximal-step-size', sweepFile);
  const expansion = expand(sweep);
  const tasks: SearchTask[] = expansion.cells.flatMap((_, cell) =>
    Array.from({ length: expansion.runs }, (_, run) => expansion.task(cell, run)),
  );
  const workers = await startWorkers(nats.url, cwd, ['first', 'second']);
  const stranger = await connectCluster({ servers: [nats.url] }, 'worker', 'stranger');
  const random = chance('malformed messages');
  const messages = [...malformedMessages(keyOf(sweepFile), tasks, 400, random)];
  const send = async (part: typeof messages) => {
    for (const { subject, data } of part) stranger.nc.publish(subject, data);
    await stranger.nc.flush();
  };
  // some make the streams' messages before there is a sweep, most come while it runs
  const run = runHere(nats.url, cwd, sweepFile, 'malformed');
  await waitFor('the streams', () => run.stderr.includes('0/200 tasks'));
  for (let sent = 0; sent < messages.length; sent += 50) {
    await send(messages.slice(sent, sent + 50));
    await sleep(30);
  }
  await expectComplete(run, directory, expected);
  await stranger.nc.close();
  for (const { stderr, alive } of workers) {
    expect(alive).toBe(true);
    expectClean(stderr);
  }
});

it('two orchestrators share the results; a second on the same directory is refused', async () => {
  const cwd = makeFolder();
  const sweep = makeSweep(cwd);
  const nats = await startNats();
  const expected = await undisturbed(cwd, sweep);
  await startWorkers(nats.url, cwd, ['first', 'second']);
  const runs = ['one', 'two'].map((out) => runHere(nats.url, cwd, sweep, out));
  await untilRecorded(join(cwd, 'one'), 5);
  const refused = await runHere(nats.url, cwd, sweep, 'one').ended;
  expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('error [DIRECTORY_LOCKED]') });
  await expectComplete(runs[0], join(cwd, 'one'), expected);
  await expectComplete(runs[1], join(cwd, 'two'), expected);
});

it('a sweep begun locally goes on on the cluster, and ends locally, in one directory', async () => {
  const cwd = makeFolder();
  const sweep = makeSweep(cwd);
  const nats = await startNats();
  const expected = await undisturbed(cwd, sweep);
  const directory = join(cwd, 'moved');
  const local = startHere(['run', sweep, '--out', 'moved', '--threads', '1'], { cwd });
  await untilRecorded(directory, 20);
  local.interrupt();
  expect(await local.ended).toMatchObject({ code: 130 });
  const begun = recorded(directory);

  const worker = startWorker(nats.url, cwd, 'only');
  const attached = startRun(nats.url, cwd, sweep, 'moved');
  await untilRecorded(directory, begun + 20);
  attached.child.kill('SIGINT');
  const interrupted = await attached.ended;
  expect(interrupted).toMatchObject({ code: 130, signal: null });
  expect(interrupted.stderr).toContain('rerun the same command to collect their results\n');
  expectClean(interrupted.stderr);
  const moved = recorded(directory);
  expect(moved).toBeLessThan(TASKS);
  await killHard(worker);

  await expectComplete(startHere(['run', sweep, '--out', 'moved'], { cwd }), directory, expected);
  expect(begun).toBeLessThan(moved);

  // the server still lists it; given there again, it is taken off the list, and without a server all is there too
  const stranger = await connectCluster({ servers: [nats.url] }, 'orchestrator', 'stranger');
  expect((await listSweeps(stranger)).map(({ key }) => key)).toEqual([keyOf(sweep)]);
  await expectComplete(runHere(nats.url, cwd, sweep, 'moved'), directory, expected);
  expect(await listSweeps(stranger)).toEqual([]);
  await stranger.nc.close();
  await nats.kill();
  await expectComplete(runHere(nats.url, cwd, sweep, 'moved'), directory, expected);
});

it('an interrupted run, given again, collects what the nodes have done meanwhile', async () => {
  const cwd = makeFolder();
  const sweep = makeSweep(cwd);
  const nats = await startNats();
  const expected = await undisturbed(cwd, sweep);
  const directory = join(cwd, 'again');
  await startWorkers(nats.url, cwd, ['only']);
  const first = runHere(nats.url, cwd, sweep, 'again');
  await untilRecorded(directory, 10);
  first.interrupt();
  expect(await first.ended).toMatchObject({ code: 130 });
  await expectComplete(runHere(nats.url, cwd, sweep, 'again'), directory, expected);
});

it('a detached sweep is computed while no orchestrator runs, and collected without being computed again', async () => {
  const cwd = makeFolder();
  const sweep = makeSweep(cwd);
  const nats = await startNats();
  const expected = await undisturbed(cwd, sweep);
  const detached = await runHere(nats.url, cwd, sweep, 'detached', ['--detach']).ended;
  expect(detached).toMatchObject({ code: 0, stdout: '' });
  expect(detached.stderr).toContain(`${TASKS} tasks sent; to collect the results, rerun`);
  expectClean(detached.stderr);
  // a node that ends by itself once nothing is left
  const words = ['worker', '--nats', nats.url, '--threads', '1', '--name', 'batch', '--max-idle', '1'];
  const worker = await startHere(words, { cwd }).ended;
  expect(worker).toMatchObject({ code: 0 });
  expect(worker.stderr).toContain(`exits (idle): ${TASKS} tasks done, 0 failed`);
  expectClean(worker.stderr);
  await expectComplete(runHere(nats.url, cwd, sweep, 'detached'), join(cwd, 'detached'), expected);
});

it('a worker that is asked to end finishes its task, also while the server is away', async () => {
  const cwd = makeFolder();
  const nats = await startNats();
  const [asked, orphan] = await startWorkers(nats.url, cwd, ['asked', 'orphan']);
  asked.interrupt();
  expect(await asked.ended).toMatchObject({ code: 0, stderr: expect.stringContaining('exits (asked)') });
  await nats.kill();
  await waitFor('the loss', () => orphan.stderr.includes('the connection is lost'));
  orphan.interrupt();
  const ended = await orphan.ended;
  expect(ended).toMatchObject({ code: 0, signal: null });
  expectClean(ended.stderr);
});

it('a worker may be started before the server, and before any sweep', async () => {
  const cwd = makeFolder();
  const sweep = makeSweep(cwd);
  const nats = await startNats();
  await nats.kill();
  const early = startHere(['worker', '--nats', nats.url, '--threads', '1', '--name', 'early'], { cwd });
  await waitFor('the wait', () => early.stderr.includes(' waiting for '));
  await nats.restart();
  await waitFor('the worker', () => isReady(early));
  const ended = await runHere(nats.url, cwd, sweep, 'early', ['--runs', '1']).ended;
  expect(ended).toMatchObject({ code: 0 });
  expect(await inProcess(['run', sweep, '--runs', '1', '--out', 'local', '--quiet'], { cwd })).toMatchObject({
    code: 0,
  });
  expect(contentsOf(join(cwd, 'early'))).toEqual(contentsOf(join(cwd, 'local')));
  expect(Object.keys(tableFiles(join(cwd, 'early')))).toHaveLength(4);
});
