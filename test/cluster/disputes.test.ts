import { expect, it } from 'vitest';
import { openAudit } from '../../orchestrator/audit.ts';
import { ensureStreams } from '../../orchestrator/cluster/streams.ts';
import type { TaskEnd } from '../../orchestrator/dispatch/mod.ts';
import { makeNodeKey, type NodeKey, nodeKeyOf, type Outcome, type SearchTask, signOutcome } from '../../shared/mod.ts';
import { type Cluster, encode, STREAMS, SUBJECTS, sweepKey } from '../../shared/protocol/mod.ts';
import { expand, loadSweep } from '../../shared/sweep/mod.ts';
import { type Pool, runTask } from '../../worker/mod.ts';
import { quickTasks } from '../conformance/tasks.ts';
import { dispatchAll } from '../conformance/work.ts';
import { makeFolder, searchResult, startNats } from '../support/mod.ts';
import { connectTo } from './deployed.ts';
import { connectDispatcher } from './dispatching.ts';

// the sweep gives the name under which the tasks go
const sweep = loadSweep('smoke');
const expansion = expand(sweep);
const key = sweepKey(sweep, expansion);
const tasks = quickTasks(4);
const never = new AbortController().signal;

const truth = async (task: SearchTask) => (await runTask(task, 'simd')).result;

/** What its task could have, and has not. */
async function falseResult(task: SearchTask) {
  const { search } = task.cell;
  const { rung } = (await truth(task)) as { rung: number };
  return searchResult(search, rung === 0 ? 1 : 0);
}

async function publishResult({ nc }: Cluster, task: SearchTask, result: object, host = 'node'): Promise<void> {
  const provenance = { engine: 'simd', host, seconds: 1, version: '0', node: 'v0', attempts: 1 };
  nc.publish(SUBJECTS.result(key, task.id), encode({ task, result, provenance }));
  await nc.flush();
}

async function claim({ nc }: Cluster, task: SearchTask): Promise<void> {
  const error = { code: 'OUTCOMES_DIFFER', message: 'this node and another computed different results' };
  nc.publish(SUBJECTS.failed(key, task.id), encode({ task, error, attempts: [] }));
  await nc.flush();
}

const resultOf = (event: TaskEnd) => (event.type === 'outcome' ? event.outcome.result : event.failure.error.code);
const claimsLeft = async ({ jsm }: Cluster) => (await jsm.streams.info(STREAMS.failed)).state.messages;

it('a message that nodes disagree ends no run: the task is computed here, and what is wrong is removed', async () => {
  const { url } = await startNats();
  const cluster = await connectTo({ servers: [url] });
  await ensureStreams(cluster, 1);
  const [honest, wronged, empty, free] = tasks;
  await publishResult(cluster, honest, await truth(honest));
  await publishResult(cluster, wronged, await falseResult(wronged), 'liar');
  for (const task of [honest, wronged, empty]) await claim(cluster, task);
  await publishResult(cluster, free, await truth(free));

  const notes: string[] = [];
  const dispatcher = await connectDispatcher(url, { sweep, expansion, note: (text) => notes.push(text) });
  const results = new Map<string, unknown>();
  for await (const event of dispatchAll(dispatcher, tasks, never)) {
    const { id } = event.type === 'outcome' ? event.outcome.task : event.failure.task;
    results.set(id, resultOf(event));
  }
  const expected = tasks.map(async (task) => [task.id, await truth(task)] as const);
  expect(results).toEqual(new Map(await Promise.all(expected)));
  expect(notes.join('\n')).toContain(`nodes disagree on task ${wronged.id}: the result from liar`);
  expect(await claimsLeft(cluster)).toBe(0);
  const stored = (task: SearchTask) =>
    cluster.jsm.direct.getMessage(STREAMS.results, { last_by_subj: SUBJECTS.result(key, task.id) });
  expect(await stored(honest)).not.toBeNull();
  expect(await stored(wronged)).toBeNull();
});

it('a wrong result that is recorded already is reported when all else is done, and a right one stands', async () => {
  const { url } = await startNats();
  const cluster = await connectTo({ servers: [url] });
  await ensureStreams(cluster, 1);
  const [wronged, honest, ...others] = tasks;
  await publishResult(cluster, wronged, await falseResult(wronged), 'liar');
  await publishResult(cluster, honest, await truth(honest));
  const dispatcher = await connectDispatcher(url, { sweep, expansion });
  const outcomes: Outcome[] = [];
  const run = async () => {
    for await (const event of dispatchAll(dispatcher, tasks, never)) {
      if (event.type === 'outcome') outcomes.push(event.outcome);
      if (outcomes.length !== 2) continue;
      for (const task of [wronged, honest]) await claim(cluster, task);
      await expect.poll(() => claimsLeft(cluster), { timeout: 30_000 }).toBe(1);
      for (const task of others) await publishResult(cluster, task, await truth(task));
    }
  };
  await expect(run()).rejects.toMatchObject({
    code: 'OUTCOMES_DIFFER',
    details: { fix: expect.stringContaining(`repair DIR --forget ${wronged.id.slice(0, 12)}\``) },
  });
  expect(outcomes).toHaveLength(tasks.length);
});

it('where results are audited, the node whose signed result is disputed and wrong is set aside', async () => {
  const { url } = await startNats();
  const cluster = await connectTo({ servers: [url] });
  await ensureStreams(cluster, 1);
  const [wronged, free] = tasks;
  const [honest, liar] = [nodeKeyOf(makeNodeKey()), nodeKeyOf(makeNodeKey())];
  const publish = async (task: SearchTask, result: object, node: string, nodeKey: NodeKey) => {
    const provenance = { engine: 'simd', host: node, seconds: 1, version: '0', node: 'v0', attempts: 1 };
    const outcome = signOutcome({ task, result, provenance } as Outcome, { sweep: key, node }, nodeKey);
    cluster.nc.publish(SUBJECTS.result(key, task.id), encode(outcome));
    await cluster.nc.flush();
  };
  await publish(wronged, await falseResult(wronged), 'liar', liar);
  await publish(free, await truth(free), 'honest', honest);
  await claim(cluster, wronged);
  const audit = { ...(await openAudit(makeFolder(), 0.5)), isChosen: () => false };
  const dispatcher = await connectDispatcher(url, { sweep, expansion, audit });
  const results = new Map<string, unknown>();
  for await (const event of dispatchAll(dispatcher, [wronged, free], never)) {
    if (event.type === 'outcome') results.set(event.outcome.task.id, event.outcome.result);
  }
  expect(results.get(wronged.id)).toEqual(await truth(wronged));
  expect(results.get(free.id)).toEqual(await truth(free));
  expect(audit.summary()).toContain('; set aside: liar');
  expect(await claimsLeft(cluster)).toBe(0);
});

it('no node is set aside by a machine that does not compute the same twice', async () => {
  const { url } = await startNats();
  const cluster = await connectTo({ servers: [url] });
  await ensureStreams(cluster, 1);
  const [task] = tasks;
  const provenance = { engine: 'simd', host: 'far', seconds: 1, version: '0', node: 'v0', attempts: 1 };
  const outcome = { task, result: await truth(task), provenance } as Outcome;
  const signed = signOutcome(outcome, { sweep: key, node: 'far' }, nodeKeyOf(makeNodeKey()));
  cluster.nc.publish(SUBJECTS.result(key, task.id), encode(signed));
  let runs = 0;
  const makePool = (): Pool => ({
    threads: 1,
    async run() {
      runs += 1;
      return { outcome: { ...outcome, result: searchResult(task.cell.search, runs) } as Outcome };
    },
    close: async () => {},
  });
  const audit = await openAudit(makeFolder(), 1);
  const dispatcher = await connectDispatcher(url, { sweep, expansion, makePool, audit });
  const ends: TaskEnd[] = [];
  for await (const end of dispatchAll(dispatcher, [task], never)) ends.push(end);
  expect(ends).toMatchObject([
    { type: 'failure', failure: { error: { message: expect.stringContaining('check the memory of this machine') } } },
  ]);
  expect(audit.setAside).toEqual([]);
});

it('a disputed task that cannot be computed here fails alone', async () => {
  const { url } = await startNats();
  const cluster = await connectTo({ servers: [url] });
  await ensureStreams(cluster, 1);
  const [disputed, ...others] = tasks;
  await claim(cluster, disputed);
  for (const task of tasks) await publishResult(cluster, task, await truth(task));
  const makePool = () => {
    throw new Error('no data');
  };
  const dispatcher = await connectDispatcher(url, { sweep, expansion, makePool });
  const failed = [];
  let done = 0;
  for await (const event of dispatchAll(dispatcher, tasks, never)) {
    if (event.type === 'failure') failed.push(event.failure);
    else done += 1;
  }
  expect(done).toBe(others.length);
  expect(failed).toMatchObject([
    { task: disputed, error: { code: 'OUTCOMES_DIFFER', message: expect.stringContaining('no data') } },
  ]);
});
