import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { listSubjects } from '../../orchestrator/cluster/subjects.ts';
import { connectCluster, encode, STREAMS, SUBJECTS } from '../../shared/protocol/mod.ts';
import { expand, loadSweep } from '../../shared/sweep/mod.ts';
import { runTask } from '../../worker/mod.ts';
import { runNode } from '../../worker/node/mod.ts';
import { dispatchAll } from '../conformance/work.ts';
import {
  asText,
  cleanLater,
  makeFolder,
  mountSmallDisk,
  type NatsServer,
  QUICK,
  startNats,
  THREAD,
  waitFor,
} from '../support/mod.ts';
import { connectTo } from './deployed.ts';
import { connectDispatcher } from './dispatching.ts';
import { isReady, keyOf, runHere, startRun, startWorker, untilRecorded } from './support.ts';
import { expectTrajectories, localTrajectories, makeTrajectories } from './trajectories.ts';

const checkpointsIn = (folder: string): string[] => readdirSync(folder).filter((name) => name.endsWith('.checkpoint'));

it('kill -9 of a node in a long task: another one beside it goes on, and leaves the same bytes', async () => {
  const cwd = makeFolder();
  const sweep = makeTrajectories(cwd, { runs: 1, iterations: 4000, every: 1 });
  const nats = await startNats();
  const expected = await localTrajectories(cwd, sweep);
  const scratch = join(cwd, 'scratch');
  const words = ['--scratch', scratch, '--checkpoint', '0.2'];
  const first = startWorker(nats.url, cwd, 'first', words);
  await waitFor('the first node', () => isReady(first));
  let run = startRun(nats.url, cwd, sweep, 'killed');
  await waitFor('a checkpoint', () => checkpointsIn(scratch).length > 0);
  first.kill();
  await first.ended;
  expect(checkpointsIn(scratch)).toHaveLength(1);
  const second = startWorker(nats.url, cwd, 'second', words);
  // and the orchestrator too, once it has the other task: it collects what is done meanwhile
  await untilRecorded(join(cwd, 'killed'), 1);
  run.kill();
  await run.ended;
  run = startRun(nats.url, cwd, sweep, 'killed');
  await expectTrajectories(run, join(cwd, 'killed'), expected);
  expect(second.alive).toBe(true);
  expect(readdirSync(scratch)).toEqual([]);
  expect(run.stderr).not.toContain('failed');
});

it('a node without room for checkpoints leaves long tasks to others, and takes none of them for failed', async (test) => {
  const disk = mountSmallDisk('size=64k');
  if (disk === undefined) return test.skip('no small disk can be mounted here');
  const cwd = makeFolder();
  const sweep = makeTrajectories(cwd, { runs: 1, iterations: 4000, every: 1 });
  const nats = await startNats();
  const expected = await localTrajectories(cwd, sweep);
  const full = startWorker(nats.url, cwd, 'full', ['--scratch', join(disk.path, 'scratch'), '--checkpoint', '0.1']);
  const run = runHere(nats.url, cwd, sweep, 'moved');
  await waitFor('it says so', () => full.stderr.includes(' is left to other nodes: a checkpoint cannot be written'));
  full.child.kill('SIGTERM');
  startWorker(nats.url, cwd, 'other', ['--scratch', join(cwd, 'scratch'), '--checkpoint', '0.5']);
  await expectTrajectories(run, join(cwd, 'moved'), expected);
  expect(run.stderr).not.toContain('failed');
});

/** A node of one thread in this process with a scratch folder of its own. */
async function startNode(nats: NatsServer, name: string, folder: string) {
  const cluster = await connectCluster({ servers: [nats.url], timings: { ...QUICK, share: 200 } }, 'worker', name);
  const [drain, stop] = [new AbortController(), new AbortController()];
  const notes: string[] = [];
  const checkpoints = { folder, seconds: 0.1 };
  const options = {
    name,
    threads: 1,
    engine: 'simd',
    drainTimeout: 0,
    checkpoints,
    thread: THREAD,
  } as const;
  const signals = { drain: drain.signal, stop: stop.signal };
  const ended = runNode(cluster, options, signals, (text) => notes.push(text));
  const end = async () => {
    drain.abort();
    stop.abort();
    await ended;
  };
  cleanLater(end);
  return { notes, end };
}

it('a task that moves to another machine goes on from what the first one left on the server', async () => {
  const cwd = makeFolder();
  const path = makeTrajectories(cwd, { runs: 1, iterations: 4000, every: 1 });
  const sweep = loadSweep(path);
  const expansion = expand(sweep);
  const key = keyOf(path);
  const nats = await startNats();
  const task = expansion.task(0, 0);
  const dispatcher = await connectDispatcher(nats.url, { sweep, expansion });
  const cluster = await connectTo(nats);
  const { jsm } = cluster;
  const first = await startNode(nats, 'first', makeFolder());
  const heads = () => listSubjects(cluster, STREAMS.checkpoints, '*.*.*.*.head.*');

  const events = dispatchAll(dispatcher, [task], new AbortController().signal)[Symbol.asyncIterator]();
  const coming = events.next();
  await expect.poll(heads, { timeout: 60_000 }).toEqual([SUBJECTS.checkpoint(key, task.id, 'head', 0)]);
  await first.end();
  const second = await startNode(nats, 'second', makeFolder());
  const { value } = await coming;
  expect(second.notes.join('\n')).toContain(`task ${task.id} resumes from a checkpoint that another node stored`);
  const { result, file } = await runTask(task, 'simd');
  expect(value).toMatchObject({ type: 'outcome', outcome: { task, result } });
  expect(asText(value.file)).toBe(asText(file!));
  expect(await events.next()).toMatchObject({ done: true });
  // nobody needs it any more
  await expect.poll(async () => (await jsm.streams.info(STREAMS.checkpoints)).state.messages).toBe(0);
});

it.each([
  ['torn', { place: 'a', bytes: 1000 }, new Uint8Array(500)],
  ['no checkpoint', { place: 'a', bytes: 1000 }, new Uint8Array(1000)],
  ['not described', { place: 'c', bytes: -1 }, new Uint8Array(1000)],
  ['too long', { place: 'b', bytes: 2 ** 50 }, new Uint8Array(1000)],
])('what lies on the server for a task and is %s is ignored', async (_, head, part) => {
  const cwd = makeFolder();
  const path = makeTrajectories(cwd, { runs: 1 });
  const sweep = loadSweep(path);
  const expansion = expand(sweep);
  const key = keyOf(path);
  const nats = await startNats();
  const task = expansion.task(0, 0);
  const dispatcher = await connectDispatcher(nats.url, { sweep, expansion });
  const events = dispatchAll(dispatcher, [task], new AbortController().signal)[Symbol.asyncIterator]();
  const coming = events.next();
  const { jsm, nc } = await connectTo(nats);
  const messages = async () => (await jsm.streams.info(STREAMS.checkpoints)).state.messages;
  await expect.poll(() => messages().catch(() => -1)).toBe(0);
  nc.publish(SUBJECTS.checkpoint(key, task.id, 'a', 0), part);
  nc.publish(SUBJECTS.checkpoint(key, task.id, 'head', 0), encode(head));
  await expect.poll(messages).toBe(2);
  const { notes } = await startNode(nats, 'only', makeFolder());
  const { value } = await coming;
  const { result, file } = await runTask(task, 'simd');
  expect(value).toMatchObject({ type: 'outcome', outcome: { task, result } });
  expect(asText(value.file)).toBe(asText(file!));
  expect(notes.join('\n')).not.toContain('resumes from');
});
