import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BUCKETS, STREAMS } from '../../shared/protocol/mod.ts';
import {
  freePort,
  inProcess,
  journalLines,
  makeFolder,
  plain,
  start,
  startHere,
  startNats,
  waitFor,
} from '../support/mod.ts';
import { asOrchestrator, asWorker, connectTo, deployed, makeSweep, PASSWORDS, runOn, startWorker } from './deployed.ts';

const isError = (code: string) => expect.stringMatching(new RegExp(`^error \\[${code}\\][\\s\\S]*\\n {2}fix: `));

describe('no server', () => {
  it('commands end with the way out, a worker waits and says for what', async () => {
    const cwd = makeFolder();
    const url = `nats://127.0.0.1:${await freePort()}`;
    const ended = await Promise.all([
      inProcess(['run', makeSweep(cwd), '--nats', url], { cwd }),
      inProcess(['doctor', '--nats', url], { cwd }),
    ]);
    for (const { code, stderr } of ended) {
      expect({ code, stderr }).toEqual({ code: 2, stderr: isError('NATS_UNREACHABLE') });
      expect(stderr).not.toContain('    at ');
    }
    const worker = startHere(['worker', '--nats', url], { cwd });
    await waitFor('it says what it waits for', () =>
      worker.stderr.includes(`waiting for ${url}: cannot reach the nats-server`),
    );
    worker.interrupt();
    expect(await worker.ended).toMatchObject({ code: 0 });
  });

  it('without --nats, commands say what is missing', async () => {
    const cwd = makeFolder();
    for (const words of [['worker'], ['status']]) {
      expect(await inProcess(words, { cwd })).toMatchObject({ code: 2, stderr: isError('USAGE') });
    }
  });
});

it('a stream or bucket of the same name with other settings', async () => {
  const cwd = makeFolder();
  const server = await startNats();
  const { jsm } = await connectTo(server);
  const sweep = makeSweep(cwd);
  await jsm.streams.add({ name: STREAMS.results, subjects: ['es.result.*.*'] });
  const differs = await runOn(server.url, sweep, cwd);
  expect({ code: differs.code, stderr: differs.stderr }).toEqual({ code: 2, stderr: isError('NATS_STREAM_DIFFERS') });
  expect(differs.stderr).toContain('max_msgs_per_subject: 1');
  for (const name of [STREAMS.tasks, STREAMS.results]) await jsm.streams.delete(name);

  await jsm.streams.add({ name: 'SOMEBODY', subjects: ['es.>'] });
  const overlaps = await runOn(server.url, sweep, cwd);
  expect({ code: overlaps.code, stderr: overlaps.stderr }).toEqual({ code: 2, stderr: isError('NATS_STREAM_DIFFERS') });
  await jsm.streams.delete('SOMEBODY');

  await jsm.streams.add({ name: `KV_${BUCKETS.sweeps}`, subjects: ['somewhere.else'] });
  const bucket = await runOn(server.url, sweep, cwd);
  expect({ code: bucket.code, stderr: bucket.stderr }).toEqual({ code: 2, stderr: isError('NATS_STREAM_DIFFERS') });
});

it('a full store: the run says that it waits and for what, and is interrupted in order', async () => {
  const cwd = makeFolder();
  const server = await startNats({ config: (at) => plain(at).replace('max_file_store: 1GB', 'max_file_store: 2KB') });
  const run = startHere(['run', makeSweep(cwd), '--nats', server.url], { cwd });
  await waitFor('it says so or ends', () => /(no|out of) space/.test(run.stderr) || !run.alive);
  run.interrupt();
  const { code, stderr } = await run.ended;
  expect(stderr).toMatch(/the (nats-)?server (has no|is out of) space/);
  expect(stderr).toMatch(/max_file_store/);
  expect([2, 130]).toContain(code);
  expect(stderr).not.toContain('fault of edgesweep');
  const doctor = await inProcess(['doctor', '--nats', server.url], { cwd });
  expect(doctor.stdout).toContain('PROBLEM  storage: the server cannot store a message');
  expect(doctor.code).toBe(2);
});

describe('edgesweep server', () => {
  it('prints its configuration, refuses others than this machine without users, and values that it cannot use', async () => {
    const cwd = makeFolder();
    const printed = await inProcess(['server', '--print', '--port', '4333', '--store', 'store'], { cwd });
    expect(printed).toMatchObject({ code: 0, stderr: '' });
    expect(printed.stdout).toContain(`host: "127.0.0.1"\nport: 4333\n`);
    expect(printed.stdout).toContain(`store_dir: "${join(cwd, 'store')}"`);
    for (const words of [
      ['--host', '0.0.0.0'],
      ['--port', '0'],
      ['--max-store', 'much'],
    ]) {
      expect(await inProcess(['server', ...words], { cwd })).toMatchObject({
        code: 2,
        stderr: expect.stringMatching(/^error \[USAGE\]/),
      });
    }
    const missing = await inProcess(['server'], { cwd, env: { PATH: cwd } });
    expect(missing).toMatchObject({ code: 2, stderr: expect.stringContaining('error [SERVER_NOT_INSTALLED]') });
  });

  it('starts, prints its address, keeps what it has, and ends in order', async () => {
    const cwd = makeFolder();
    const port = await freePort();
    for (const streams of [0, 1]) {
      const server = start(['server', '--port', String(port), '--store', 'store'], { cwd });
      await waitFor('the server is ready', () => server.stderr.includes('Server is ready') || !server.alive);
      expect(server.stderr).toContain(`nats://127.0.0.1:${port} (store in ${join(cwd, 'store')})`);
      const { nc, jsm } = await connectTo({ servers: [`nats://127.0.0.1:${port}`] });
      expect((await jsm.getAccountInfo()).streams).toBe(streams);
      await jsm.streams.add({ name: 'KEPT', subjects: ['kept'] });
      await nc.close();
      server.child.kill('SIGTERM');
      expect(await server.ended).toMatchObject({ code: 0 });
    }
  });
});

it('doctor says what this machine has, and writes JSON', async () => {
  const cwd = makeFolder();
  const { code, stdout, stderr } = await inProcess(['doctor', '--json'], { cwd });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const { usable, machine, server } = JSON.parse(stdout);
  expect({ usable, server }).toEqual({ usable: true, server: [] });
  const verdicts = Object.fromEntries(
    machine.map(({ what, verdict }: { what: string; verdict: string }) => [what, verdict]),
  );
  expect(verdicts).toEqual({
    runtime: 'ok',
    threads: 'fact',
    // without a C++ compiler there is none
    'engine native': expect.stringMatching(/^(ok|fact)$/),
    'engine simd': 'ok',
    'engine tfjs': 'fact',
    'engine reference': 'ok',
    locks: 'ok',
    'nats-server on PATH': 'ok',
    // the tests need Fashion-MNIST; the others may be here
    'data set mnist': expect.stringMatching(/^(ok|fact)$/),
    'data set fashion-mnist': 'ok',
    'data set cifar10': expect.stringMatching(/^(ok|fact)$/),
  });
});

it('three servers of deploy/cluster-*.conf keep three copies, and the sweep survives the kill of one', async () => {
  const routes = await Promise.all([freePort(), freePort(), freePort()]);
  const env = {
    ...PASSWORDS,
    EDGESWEEP_ROUTE_PASSWORD: 'pw-route',
    ...Object.fromEntries(
      routes.map((port, i) => [`EDGESWEEP_ROUTE_${i + 1}`, `nats-route://route:pw-route@127.0.0.1:${port}`]),
    ),
  };
  const servers = await Promise.all(
    routes.map((route, i) =>
      startNats({
        config: (at) => deployed(`cluster-${i + 1}.conf`)(at).replace('"0.0.0.0:6222"', `"127.0.0.1:${route}"`),
        env,
      }),
    ),
  );
  const url = servers.map((server) => server.url).join(',');
  const cwd = makeFolder();
  const sweep = makeSweep(cwd);
  const user = { servers: url.split(','), user: 'orchestrator', password: PASSWORDS.EDGESWEEP_ORCHESTRATOR_PASSWORD };
  // until they have found one another there is nobody to ask
  let jsm = await connectTo(user).then(
    (cluster) => cluster.jsm,
    () => undefined,
  );
  await expect
    .poll(
      async () => {
        jsm ??= await connectTo(user).then(
          (cluster) => cluster.jsm,
          () => undefined,
        );
        return jsm?.getAccountInfo().then(
          () => true,
          () => false,
        );
      },
      { timeout: 60_000, interval: 200 },
    )
    .toBe(true);
  const worker = await startWorker(url, cwd, [], asWorker);
  const words = ['--runs', '200', '--nats-replicas', '3', '--quiet', '--out', 'out'];
  const run = startHere(['run', sweep, '--nats', url, ...words], { cwd, env: asOrchestrator });
  const out = join(cwd, 'out');
  await waitFor('outcomes', () => journalLines(out).length > 0 || !run.alive);
  // it hands the results to the run, which has to find another: the one that was killed does not come back
  const { cluster } = await jsm!.streams.info(STREAMS.results);
  const killed = journalLines(out).length;
  await servers[Number(cluster?.leader?.at(-1)) - 1].kill();
  expect(killed).toBeLessThan(400);
  const { code, stderr } = await run.ended;
  expect({ code, stderr }).toMatchObject({ code: 0 });
  expect(journalLines(out)).toHaveLength(400);
  expect(worker.alive).toBe(true);
  for (const stream of Object.values(STREAMS)) {
    expect((await jsm?.streams.info(stream))?.config.num_replicas).toBe(3);
  }
});
