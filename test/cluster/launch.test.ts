import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { stringify } from 'yaml';
import { makeNetwork, type Network, whyNoNetwork } from '../chaos/network.ts';
import {
  cleanLater,
  inProcess,
  makeFolder,
  outcomesText,
  PROGRAM,
  plain,
  QUICK,
  startHere,
  startNats,
  waitFor,
} from '../support/mod.ts';
import { launchNats } from '../support/nats-server.ts';
import { killHard, spawnProgram } from '../support/processes.ts';
import { startSshd, whyNoSshd } from '../support/sshd.ts';

/** Half a minute with programs to install: `make test-launch` sets it. test/cli/launch.test.ts has the rest, with a stand-in for ssh. */
const why =
  process.env.EDGESWEEP_TEST_LAUNCH === '1' ? whyNoSshd() : 'real sshds are started in `make test-launch` only';
if (why !== undefined) console.warn(`launch is tried with a stand-in for ssh only: ${why}`);

/** A program for the hosts, and a file of hosts that reach their sshd. */
function writeHosts(
  cwd: string,
  hosts: readonly { sshd: Awaited<ReturnType<typeof startSshd>>; host: string }[],
): void {
  const program = join(cwd, 'program with spaces');
  writeFileSync(program, `#!/bin/sh\nexec '${process.execPath}' '${PROGRAM}' "$@"\n`);
  chmodSync(program, 0o755);
  const entries = hosts.map(({ host, sshd: { port, options, identity } }) => ({ host, port, identity, ssh: options }));
  const environment = { XDG_STATE_HOME: join(cwd, 'state') };
  writeFileSync(
    join(cwd, 'hosts.yaml'),
    stringify({ defaults: { program, threads: 1, directory: cwd, environment }, hosts: entries }),
  );
}

it.skipIf(why !== undefined)(
  'nodes on two sshds compute a sweep, one is lost and comes back, and all drain',
  async () => {
    const cwd = makeFolder();
    const server = await startNats();
    const [first, second] = [await startSshd(), await startSshd()];
    writeHosts(cwd, [
      { sshd: first, host: '127.0.0.1' },
      { sshd: second, host: '127.0.0.1' },
    ]);
    const launched = startHere(['launch', 'hosts.yaml', '--nats', server.url], { cwd });
    const count = (text: string) => launched.stderr.split(text).length - 1;
    await waitFor('both nodes are ready', () => count('ready:') === 2 || !launched.alive);
    const words = ['run', 'smoke', '--quiet', '--out'];
    expect(await inProcess([...words, 'remote', '--nats', server.url], { cwd })).toMatchObject({ code: 0 });
    expect(await inProcess([...words, 'local'], { cwd })).toMatchObject({ code: 0 });
    expect(outcomesText(join(cwd, 'remote'))).toBe(outcomesText(join(cwd, 'local')));
    // a connection breaks: the process that serves it dies
    const { pid } = first.process.child;
    const [connection] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ');
    process.kill(Number(connection), 'SIGKILL');
    await waitFor('its loss is reported', () => count(' lost: ') === 1 || !launched.alive);
    await waitFor('it is back', () => count('ready:') === 3 || !launched.alive);
    launched.interrupt();
    expect(await launched.ended).toMatchObject({ code: 0 });
    expect(launched.stderr).toContain('exits (');
  },
);

const whyNot = why ?? whyNoNetwork();
if (whyNot !== undefined) console.warn(`launch is not tried in network namespaces: ${whyNot}`);

it.skipIf(whyNot !== undefined)('hosts in network namespaces of their own compute a sweep', async () => {
  const cwd = makeFolder();
  const network: Network = makeNetwork(2);
  cleanLater(network.close);
  const server = await launchNats({
    folder: makeFolder(),
    at: { host: network.serverHost, port: 4222, namespace: network.serverNamespace },
    config: (at) => plain(at).replace('127.0.0.1', '0.0.0.0'),
  });
  cleanLater(() => server.kill());
  const hosts = [];
  for (const { namespace, host } of network.links) {
    hosts.push({ host, sshd: await startSshd({ address: host, namespace }) });
  }
  writeHosts(cwd, hosts);
  const addresses = network.links.map(({ serverHost }) => `nats://${serverHost}:4222`).join(',');
  // from the middle of the star, where every host is in reach
  const launched = spawnProgram(['launch', 'hosts.yaml', '--nats', addresses], {
    cwd,
    namespace: network.serverNamespace,
    env: { ...process.env, EDGESWEEP_TIMINGS: JSON.stringify(QUICK) },
  });
  cleanLater(() => killHard(launched));
  await waitFor('both nodes are ready', () => launched.stderr.split('ready:').length === 3 || !launched.alive);
  const ended = await inProcess(['run', 'smoke', '--quiet', '--out', 'remote', '--nats', server.url], { cwd });
  expect(ended).toMatchObject({ code: 0 });
  launched.interrupt();
  expect(await launched.ended).toMatchObject({ code: 0 });
});
