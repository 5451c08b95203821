import { jetstream } from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';
import { expect, it } from 'vitest';
import { taskId } from '../../shared/mod.ts';
import {
  BUCKETS,
  type Cluster,
  decodeSweeps,
  encode,
  type Heartbeat,
  PROTOCOL_VERSION,
  STREAMS,
  SUBJECTS,
  SWEEPS_KEY,
} from '../../shared/protocol/mod.ts';
import { inProcess, makeFolder, startHere, startNats, waitFor } from '../support/mod.ts';
import { connectTo, describeSweep, makeSweep, runOn, startWorker } from './deployed.ts';

type Entry = { key: string; [setting: string]: unknown };

/** The list of sweeps as it stands on the server, and what another version would make of it. */
async function openList({ nc }: Cluster) {
  const bucket = await new Kvm(nc).open(BUCKETS.sweeps, { allow_direct: true });
  const read = async () => JSON.parse((await bucket.get(SWEEPS_KEY))?.string() ?? '[]') as Entry[];
  const write = async (change: (entries: Entry[]) => Entry[]) => {
    await bucket.put(SWEEPS_KEY, encode(change(await read())));
    nc.publish(SUBJECTS.wake);
  };
  return { read, write };
}

it('a node leaves tasks that it cannot read to the version that sends them, and what can be read is computed', async () => {
  const server = await startNats();
  const cwd = makeFolder();
  const sweep = makeSweep(cwd);
  const { key, tasks } = describeSweep(sweep);
  expect(await runOn(server.url, sweep, cwd, ['--detach'])).toMatchObject({ code: 0 });
  const cluster = await connectTo(server);
  const list = await openList(cluster);
  await list.write((entries) => entries.map((entry) => ({ ...entry, version: '99.0.0', color: 'red' })));
  const content = { ...tasks[0], cell: { ...tasks[0].cell, activationShape: 'new' } };
  const id = taskId(content);
  const js = jetstream(cluster.nc);
  await js.publish(SUBJECTS.task(key, id), encode({ ...content, id }));
  const beats: Heartbeat[] = [];
  cluster.nc.subscribe(SUBJECTS.heartbeat('*'), {
    callback: (_, message) => void beats.push(message.json<Heartbeat>()),
  });

  const worker = await startWorker(server.url, cwd);
  await waitFor('the node says so', () => worker.stderr.includes('cannot read'));
  expect(worker.stderr).toMatch(/sweep probe has tasks that this node \(edgesweep \S+\) cannot read.*\(99\.0\.0\)/);
  await waitFor('its heartbeat says so', () => beats.some(({ unreadable }) => unreadable?.[0] === key));
  const { state } = await cluster.jsm.streams.info(STREAMS.failed);
  expect(state.messages).toBe(0);
  // what another command writes of the list keeps what it does not know
  expect(await inProcess(['pause', key, '--nats', server.url], { cwd })).toMatchObject({ code: 0 });
  expect(await list.read()).toMatchObject([{ key, state: 'paused', version: '99.0.0', color: 'red' }]);

  // the version of the node runs the sweep again
  expect(await inProcess(['resume', key, '--nats', server.url], { cwd })).toMatchObject({ code: 0 });
  expect(await runOn(server.url, sweep, cwd)).toMatchObject({ code: 0 });
});

it('a run ends when a newer version takes its sweep over, and its rerun is refused; entries of others stay', async () => {
  const server = await startNats();
  const cwd = makeFolder();
  const sweep = makeSweep(cwd);
  const { key } = describeSweep(sweep);
  const run = startHere(['run', sweep, '--nats', server.url, '--out', 'out'], { cwd });
  const cluster = await connectTo(server);
  await waitFor('the sweep is sent', () => run.stderr.includes('no worker nodes') || !run.alive);
  const list = await openList(cluster);
  const strange = { key: 'strange-1', form: 'of a later version' };
  await list.write((entries) => [...entries, strange]);
  expect(await inProcess(['pause', key, '--nats', server.url], { cwd })).toMatchObject({ code: 0 });
  expect(await list.read()).toContainEqual(strange);
  await list.write((entries) =>
    entries.map((entry) =>
      entry.key === key ? { ...entry, protocol: PROTOCOL_VERSION + 1, version: '99.0.0' } : entry,
    ),
  );
  const ended = await run.ended;
  expect(ended.code).toBe(2);
  expect(ended.stderr).toMatch(
    /error \[NATS_OTHER_VERSION\]: a newer version of edgesweep runs this sweep on the server/,
  );
  expect(ended.stderr).toContain(`got:      protocol ${PROTOCOL_VERSION + 1}, of edgesweep 99.0.0`);
  const before = await list.read();
  expect((await runOn(server.url, sweep, cwd)).stderr).toContain('error [NATS_OTHER_VERSION]');
  expect(await list.read()).toEqual(before);
  await list.write((entries) => entries.map((entry) => (entry.key === key ? { key, form: 'later' } : entry)));
  expect((await runOn(server.url, sweep, cwd)).stderr).toContain(
    'an entry in the list of sweeps that this version cannot',
  );
  expect(decodeSweeps(encode(await list.read()))).toEqual({
    ok: true,
    value: { entries: [], others: await list.read() },
  });

  // by its key, and then the sweep can be run again
  const cancelled = await inProcess(['cancel', key, '--nats', server.url], { cwd });
  expect(cancelled).toMatchObject({ code: 0, stdout: expect.stringContaining(`${key}: removed from the list`) });
  expect(await list.read()).toEqual([strange]);
  expect(await runOn(server.url, sweep, cwd, ['--detach'])).toMatchObject({ code: 0 });
});
