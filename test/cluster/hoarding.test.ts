import { type JsMsg, jetstream } from '@nats-io/jetstream';
import { expect, it } from 'vitest';
import { MOST_AT_ONCE, STREAMS, sweepKey } from '../../shared/protocol/mod.ts';
import { expand, loadSweep } from '../../shared/sweep/mod.ts';
import { quickTasks } from '../conformance/tasks.ts';
import { dispatchAll } from '../conformance/work.ts';
import { cleanLater, QUICK, startNats } from '../support/mod.ts';
import { connectTo } from './deployed.ts';
import { connectDispatcher, startNode } from './dispatching.ts';

it('a worker that takes all tasks, says that it works on them and never answers does not keep them', async () => {
  const sweep = loadSweep('smoke');
  const expansion = expand(sweep);
  const { url } = await startNats();
  const tasks = quickTasks(2 * MOST_AT_ONCE);
  const notes: string[] = [];
  const dispatcher = await connectDispatcher(
    url,
    { sweep, expansion, note: (text) => notes.push(text) },
    { ...QUICK, held: 1000 },
  );
  const ids: string[] = [];
  const run = (async () => {
    for await (const event of dispatchAll(dispatcher, tasks, new AbortController().signal))
      if (event.type === 'outcome') ids.push(event.outcome.task.id);
  })();
  const { nc, jsm } = await connectTo({ servers: [url] }, 'worker');
  const info = () => jsm.consumers.info(STREAMS.tasks, sweepKey(sweep, expansion));
  await expect
    .poll(() =>
      info().then(
        ({ num_pending }) => num_pending,
        () => 0,
      ),
    )
    .toBe(tasks.length);
  const consumer = await jetstream(nc).consumers.get(STREAMS.tasks, sweepKey(sweep, expansion));
  const taken: JsMsg[] = [];
  const takeAll = async () => {
    for await (const message of await consumer.fetch({ max_messages: tasks.length, expires: 1000 }))
      taken.push(message);
  };
  await expect(takeAll()).rejects.toThrow(`exceeded maxrequestbatch of ${MOST_AT_ONCE}`);
  expect(taken).toEqual([]);
  while (taken.length < tasks.length)
    for await (const message of await consumer.fetch({ max_messages: MOST_AT_ONCE, expires: 1000 }))
      taken.push(message);
  const working = setInterval(() => taken.forEach((message) => void message.working()), 500);
  cleanLater(() => clearInterval(working));

  await startNode(url, 'honest');
  await run;
  expect(new Set(ids)).toEqual(new Set(tasks.map(({ id }) => id)));
  expect(ids).toHaveLength(tasks.length);
  expect(notes.join('\n')).toContain(`${tasks.length} tasks were handed out`);
});
