import { jetstream } from '@nats-io/jetstream';
import { expect, it } from 'vitest';
import { limitsFor, spaceFor } from '../../orchestrator/cluster/space.ts';
import { ensureStreams } from '../../orchestrator/cluster/streams.ts';
import { publishOnce, STREAMS, SUBJECTS } from '../../shared/protocol/mod.ts';
import { expand, loadSweep } from '../../shared/sweep/mod.ts';
import { quickTasks } from '../conformance/tasks.ts';
import { dispatchAll } from '../conformance/work.ts';
import { plain, startNats } from '../support/mod.ts';
import { connectTo } from './deployed.ts';
import { connectDispatcher, startNode } from './dispatching.ts';

const sweep = loadSweep('smoke');
const expansion = expand(sweep);

it('a limit holds what a sweep needs, and is never below twice what is there', () => {
  expect(limitsFor(STREAMS.results, 0, 1e9)).toEqual([2e9, 1e9, 5e8, 2.5e8, 2 ** 27]);
  expect(limitsFor(STREAMS.results, 1e9, 1e9)).toEqual([4e9, 2e9]);
  expect(limitsFor(STREAMS.results, 0, 10)).toEqual([2 ** 27]);
  const space = spaceFor(sweep, expansion);
  expect(space[STREAMS.results]).toBeGreaterThan(1000 * expansion.tasks);
  expect(space[STREAMS.series]).toBe(0);
});

it('rubbish fills one stream and no other; a server with little space has streams without limits', async () => {
  const cluster = await connectTo(await startNats());
  await ensureStreams(cluster, 1);
  await cluster.jsm.streams.update(STREAMS.results, { max_bytes: 100_000 });
  const js = jetstream(cluster.nc);
  const rubbish = new Uint8Array(10_000);
  const put = (i: number) => publishOnce(js, SUBJECTS.result('other', `task${i}`), rubbish);
  const published = await Promise.all(Array.from({ length: 20 }, (_, i) => put(i)));
  expect(published).toEqual([...Array(9).fill('stored'), ...Array(11).fill('full')]);
  expect(await publishOnce(js, SUBJECTS.task('sweep', 'task'), rubbish)).toBe('stored');

  const small = await connectTo(await startNats({ config: (at) => plain(at).replace('1GB', '200KB') }));
  await ensureStreams(small, 1, spaceFor(sweep, expansion));
  expect((await small.jsm.streams.info(STREAMS.tasks)).config.max_bytes).toBe(-1);
});

it('a run waits for a full stream, says so, and the next one raises its limit: nothing is lost', async () => {
  const nats = await startNats();
  const { jsm } = await connectTo(nats);
  const notes: string[] = [];
  const tasks = quickTasks(8);
  const dispatcher = await connectDispatcher(nats.url, { sweep, expansion, note: (text) => notes.push(text) });
  const done = new Set<string>();
  const follow = async (events: ReturnType<typeof dispatchAll>) => {
    for await (const event of events) if (event.type === 'outcome') done.add(event.outcome.task.id);
  };
  const interrupt = new AbortController();
  const first = follow(dispatchAll(dispatcher, tasks, interrupt.signal));
  await expect
    .poll(() =>
      jsm.streams.info(STREAMS.tasks).then(
        ({ state }) => state.messages,
        () => 0,
      ),
    )
    .toBe(8);
  await jsm.streams.update(STREAMS.results, { max_bytes: 3000 });
  await startNode(nats.url, 'only');
  await expect
    .poll(() => notes.join('\n'), { timeout: 30_000 })
    .toContain(`waiting for space on the server: ${STREAMS.results} has`);
  expect(done.size).toBeLessThan(8);
  interrupt.abort();
  await first;
  await follow(
    dispatchAll(await connectDispatcher(nats.url, { sweep, expansion }), tasks, new AbortController().signal),
  );
  expect(done).toEqual(new Set(tasks.map(({ id }) => id)));
});
