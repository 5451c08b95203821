import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { listSubjects } from '../../orchestrator/cluster/subjects.ts';
import { type Cluster, encode, STREAMS, SUBJECTS, sweepKey } from '../../shared/protocol/mod.ts';
import { expand, loadSweep } from '../../shared/sweep/mod.ts';
import { runTask } from '../../worker/mod.ts';
import { dispatchAll } from '../conformance/work.ts';
import { cleanLater, makeFolder, type NatsServer, plain, startNats, waitFor } from '../support/mod.ts';
import { connectTo } from './deployed.ts';
import { connectDispatcher } from './dispatching.ts';
import { keyOf, runHere, startWorker, startWorkers } from './support.ts';
import { expectTrajectories, localTrajectories, makeTrajectories } from './trajectories.ts';

/** Has all tasks computed by a node, while no orchestrator runs. */
async function computeDetached(nats: NatsServer, cwd: string, sweep: string): Promise<void> {
  const detached = await runHere(nats.url, cwd, sweep, 'detached', ['--detach']).ended;
  expect(detached, detached.stderr).toMatchObject({ code: 0 });
  const worker = await startWorker(nats.url, cwd, 'batch', ['--max-idle', '2']).ended;
  expect(worker.stderr).toContain('4 tasks done, 0 failed');
}

/** Subjects of the first part of the file of each of the four tasks. */
async function firstParts(cluster: Cluster, key: string): Promise<string[]> {
  const subjects = await listSubjects(cluster, STREAMS.series, SUBJECTS.series(key, '*', '*', '*'));
  const first = subjects.filter((subject) => subject.endsWith('.0'));
  expect(first).toHaveLength(4);
  return first;
}

it('two nodes and an orchestrator leave the series that a local run leaves, byte for byte', async () => {
  const cwd = makeFolder();
  // long enough for files of several parts
  const sweep = makeTrajectories(cwd, { runs: 1, iterations: 12_000 });
  const nats = await startNats();
  const expected = await localTrajectories(cwd, sweep);
  expect(Object.values(expected.series)[0].length).toBeGreaterThan(300_000);
  await startWorkers(nats.url, cwd, ['first', 'second']);
  // at once, in two directories: the first to end leaves the other what it needs
  const runs = ['one', 'two'].map((out) => runHere(nats.url, cwd, sweep, out));
  await expectTrajectories(runs[0], join(cwd, 'one'), expected);
  await expectTrajectories(runs[1], join(cwd, 'two'), expected);
  // and also a third, when all is done and no node is needed
  await expectTrajectories(runHere(nats.url, cwd, sweep, 'three'), join(cwd, 'three'), expected);
}, 240_000);

it('a result whose series is damaged or missing on the server is removed, and the task computed again', async () => {
  const cwd = makeFolder();
  const sweep = makeTrajectories(cwd);
  const nats = await startNats();
  const expected = await localTrajectories(cwd, sweep);
  await computeDetached(nats, cwd, sweep);
  const cluster = await connectTo(nats);
  const [damaged, missing, short] = await firstParts(cluster, keyOf(sweep));
  for (const filter of [damaged, missing, short]) await cluster.jsm.streams.purge(STREAMS.series, { filter });
  const { data } = (await cluster.jsm.direct.getMessage(STREAMS.results, {
    last_by_subj: `es.result.${damaged.split('.').slice(2, 4).join('.')}`,
  }))!;
  const { bytes } = JSON.parse(new TextDecoder().decode(data)).provenance.file;
  cluster.nc.publish(damaged, randomBytes(bytes));
  cluster.nc.publish(short, 'short');
  await cluster.nc.flush();

  await startWorkers(nats.url, cwd, ['only']);
  const run = runHere(nats.url, cwd, sweep, 'detached');
  await expectTrajectories(run, join(cwd, 'detached'), expected);
  expect(
    run.stderr.match(/cannot be retrieved: it is damaged; its result is removed and the task is sent again/g),
  ).toHaveLength(1);
  expect(run.stderr.match(/cannot be retrieved: the server does not have all of it/g)).toHaveLength(2);
});

it('a server that has lost all series and no result has them computed again', async () => {
  const cwd = makeFolder();
  const sweep = makeTrajectories(cwd);
  const nats = await startNats();
  const expected = await localTrajectories(cwd, sweep);
  await computeDetached(nats, cwd, sweep);
  const cluster = await connectTo(nats);
  await cluster.jsm.streams.delete(STREAMS.series);
  await startWorkers(nats.url, cwd, ['only']);
  await expectTrajectories(runHere(nats.url, cwd, sweep, 'detached'), join(cwd, 'detached'), expected);
});

it('a server without room for the series is waited for', async () => {
  const cwd = makeFolder();
  const sweep = makeTrajectories(cwd, { runs: 1, iterations: 12_000 });
  const nats = await startNats({ config: (at) => plain(at).replace('max_file_store: 1GB', 'max_file_store: 200KB') });
  const expected = await localTrajectories(cwd, sweep);
  const [worker] = await startWorkers(nats.url, cwd, ['only']);
  const run = runHere(nats.url, cwd, sweep, 'full');
  await waitFor('it says so', () =>
    /waiting to store the series of task \w+: the server is out of space/.test(worker.stderr),
  );
  await nats.kill();
  const file = join(nats.folder, 'nats-server.conf');
  writeFileSync(file, readFileSync(file, 'utf8').replace('200KB', '1GB'));
  await nats.restart();
  await expectTrajectories(run, join(cwd, 'full'), expected);
  expect(worker.stderr).not.toContain('failed');
});

it('a task whose series never comes is a failure after a while, and the others are done', async () => {
  const cwd = makeFolder();
  const sweep = loadSweep(makeTrajectories(cwd));
  const expansion = expand(sweep);
  const nats = await startNats();
  const notes: string[] = [];
  const dispatcher = await connectDispatcher(nats.url, { sweep, expansion, note: (text) => notes.push(text) });
  const task = expansion.task(0, 0);
  const { result } = await runTask(task, 'simd');
  const file = { sha256: '0'.repeat(64), bytes: 2 ** 40 };
  const provenance = { engine: 'simd', host: 'liar', seconds: 1, version: '0', node: 'v0', attempts: 1, file };
  const { nc } = await connectTo(nats, 'worker');
  // whenever its result is removed, it tells the same again
  const timer = setInterval(() => {
    nc.publish(SUBJECTS.result(sweepKey(sweep, expansion), task.id), encode({ task, result, provenance }));
  }, 100);
  cleanLater(() => clearInterval(timer));
  const events = [];
  for await (const event of dispatchAll(dispatcher, [task], new AbortController().signal)) events.push(event);
  expect(events).toMatchObject([
    { type: 'failure', failure: { task, error: { message: expect.stringContaining('cannot be retrieved') } } },
  ]);
  expect(notes.filter((text) => text.includes('sent again'))).toHaveLength(2);
});
