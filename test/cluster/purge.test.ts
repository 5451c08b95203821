import { jetstream } from '@nats-io/jetstream';
import { expect, it } from 'vitest';
import { consumerInfo, ensureConsumer, purgeTask, purgeTasks } from '../../orchestrator/cluster/consumer.ts';
import { removeMessage } from '../../orchestrator/cluster/remove-message.ts';
import { ensureStreams } from '../../orchestrator/cluster/streams.ts';
import { follow } from '../../orchestrator/cluster/tail.ts';
import { connectCluster, disconnect, STREAMS, SUBJECTS } from '../../shared/protocol/mod.ts';
import { cleanLater, startNats } from '../support/mod.ts';

it('tasks under way stay under way when those that are done are taken off the server', async () => {
  const { url } = await startNats();
  const cluster = await connectCluster({ servers: [url] }, 'orchestrator', 'test');
  cleanLater(() => disconnect(cluster));
  await ensureStreams(cluster, 1);
  await ensureConsumer(cluster, 'sweep');
  const js = jetstream(cluster.nc);
  for (const task of ['a', 'b', 'c', 'd']) await js.publish(SUBJECTS.task('sweep', task), task);
  const consumer = await js.consumers.get(STREAMS.tasks, 'sweep');
  const next = async () => (await consumer.next({ expires: 5000 }))!;
  const [first, second, third] = [await next(), await next(), await next()];
  await first.ackAck();
  second.nak(500);
  await cluster.nc.flush();

  await purgeTasks(cluster, 'sweep', 2);
  await purgeTask(cluster, 'sweep', 'c');
  expect(await consumerInfo(cluster, 'sweep')).toMatchObject({ num_ack_pending: 2, num_pending: 1 });
  expect((await cluster.jsm.streams.info(STREAMS.tasks)).state.messages).toBe(2);
  expect((await next()).subject).toBe(SUBJECTS.task('sweep', 'd'));
  // given back before the purge, delivered again after it, and known to be so
  const again = await next();
  expect([again.subject, again.info.deliveryCount]).toEqual([second.subject, 2]);
  expect(await third.ackAck()).toBe(true);

  await purgeTasks(cluster, 'sweep');
  expect((await cluster.jsm.streams.info(STREAMS.tasks)).state.messages).toBe(0);
});

it('a reader of results misses none when one of them is removed', async () => {
  const cluster = await connectCluster({ servers: [(await startNats()).url] }, 'orchestrator', 'test');
  cleanLater(() => disconnect(cluster));
  await ensureStreams(cluster, 1);
  const js = jetstream(cluster.nc);
  // more than a reader fetches at once
  const subjects = Array.from({ length: 700 }, (_, i) => SUBJECTS.result('sweep', `task${i}`));
  await Promise.all(subjects.map((subject) => js.publish(subject, 'x')));
  const seen: string[] = [];
  const end = new AbortController();
  const reading = follow(
    cluster,
    STREAMS.results,
    SUBJECTS.result('sweep', '*'),
    end.signal,
    async ({ subject, seq }) => {
      seen.push(subject);
      if (seen.length === 5) expect(await removeMessage(cluster, STREAMS.results, subject, seq)).toBe(true);
    },
  );
  await expect.poll(() => seen.length, { timeout: 20_000 }).toBe(subjects.length);
  expect(new Set(seen)).toEqual(new Set(subjects));
  expect(await removeMessage(cluster, STREAMS.results, seen[5], 10_000)).toBe(false);
  end.abort();
  await reading;
});
