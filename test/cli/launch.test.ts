import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { inProcess, makeFolder, start, startHere, waitFor } from '../support/mod.ts';

/** Runs the command of a host here, in a shell as sshd would; writes down its own words. */
const SSH = `#!/bin/sh
for word; do printf '%s\\n' "$word" >> "$TOP/ssh.log"; done
cd "$TOP"
exec sh -c "$word"
`;

/** A node that says it is ready, writes down what it got, and ends on the first SIGTERM; the file \`die\` kills it. */
const NODE = `#!/bin/sh
name=$4
{ pwd; env | grep '^EDGESWEEP_\\|^ODD' | sort; for word; do echo "$word"; done; } >> "$TOP/$name.log"
trap 'echo drained >> "$TOP/$name.log"; echo "{\\"event\\":\\"note\\",\\"message\\":\\"drained\\"}"; exit 0' TERM
echo $$ > "$TOP/$name.pid"
echo '{"event":"note","message":"ready: 1 thread"}'
while :; do
  [ -e "$TOP/die-$name" ] && rm "$TOP/die-$name" && kill -9 $$
  [ -e "$TOP/refuse" ] && echo "error [NATS_AUTHORIZATION]: no, $EDGESWEEP_NATS_PASSWORD" >&2 && exit 2
  sleep 0.05
done
`;

/** A folder with such programs, a file of hosts, and the environment in which ssh is that one. */
function setUp(hosts: string) {
  const cwd = makeFolder();
  mkdirSync(join(cwd, 'bin'));
  mkdirSync(join(cwd, "it's $(touch bad) here"));
  for (const [name, text] of Object.entries({ ssh: SSH, edgesweep: NODE })) {
    writeFileSync(join(cwd, 'bin', name), text);
    chmodSync(join(cwd, 'bin', name), 0o755);
  }
  writeFileSync(join(cwd, 'hosts.yaml'), hosts);
  const env = {
    PATH: `${join(cwd, 'bin')}:${process.env.PATH}`,
    TOP: cwd,
    EDGESWEEP_NATS_PASSWORD: 'pw-secret',
    EDGESWEEP_NATS_USER: 'worker',
  };
  const read = (name: string) => (existsSync(join(cwd, name)) ? readFileSync(join(cwd, name), 'utf8') : '');
  return { cwd, env, read };
}

const WORDS = ['launch', 'hosts.yaml', '--nats', 'nats://alpha:4222'];
function isAlive(pid: string): boolean {
  try {
    return process.kill(Number(pid), 0);
  } catch {
    return false;
  }
}

it('starts nodes, passes settings as they are and secrets on no command line, and drains on Ctrl-C', async () => {
  const { cwd, env, read } = setUp(`
defaults: {environment: {ODD: "a 'b' $(touch bad) \\\\ !"}}
hosts:
  - {host: beta, directory: "it's $(touch bad) here", threads: 3, arguments: ["--sweeps", "x; touch bad"]}
  - gamma
`);
  const launched = startHere(WORDS, { cwd, env });
  await waitFor(
    'both nodes are ready',
    () => launched.stderr.match(/ready: 1 thread/g)?.length === 2 || !launched.alive,
  );
  launched.interrupt();
  expect(await launched.ended).toMatchObject({ code: 0, stdout: '' });
  expect(launched.stderr).toMatch(/^\S+Z beta connecting to beta$/m);
  expect(launched.stderr).toMatch(/^\S+Z gamma drained$/m);
  // the timings of tests reach the node too
  const got = read('beta.log').replace(/^EDGESWEEP_TIMINGS=.*\n/m, '');
  expect(got.split('\n')).toEqual([
    join(cwd, "it's $(touch bad) here"),
    'EDGESWEEP_NATS=nats://alpha:4222',
    'EDGESWEEP_NATS_PASSWORD=pw-secret',
    'EDGESWEEP_NATS_USER=worker',
    "ODD=a 'b' $(touch bad) \\ !",
    ...['worker', '--json', '--name', 'beta', '--threads', '3', '--sweeps', 'x; touch bad'],
    ...['drained', ''],
  ]);
  expect(existsSync(join(cwd, 'bad'))).toBe(false);
  expect(read('ssh.log')).toContain('BatchMode=yes');
  expect(read('ssh.log')).not.toContain('pw-secret');
});

it('starts a node again that was killed, and gives up on one that is refused', async () => {
  const { cwd, env, read } = setUp('hosts: [beta]\n');
  const launched = startHere([...WORDS, '--json'], { cwd, env });
  const events = () =>
    launched.stdout
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as { state?: string; message: string });
  const count = (state: string) => events().filter((event) => event.state === state).length;
  await waitFor('it runs', () => count('running') === 1 || !launched.alive);
  writeFileSync(join(cwd, 'die-beta'), '');
  await waitFor('it runs again', () => count('running') === 2 || !launched.alive);
  expect(count('lost')).toBe(1);
  writeFileSync(join(cwd, 'refuse'), '');
  const { code, stderr } = await launched.ended;
  expect(code).toBe(1);
  expect(stderr).toContain('error [HOST_FAILED]: 1 of 1 node did not run');
  // what a host prints of its environment does not show the password
  expect(stderr).toContain('beta: error [NATS_AUTHORIZATION]: no, ***');
  expect(launched.stdout).toContain('no, ***');
  expect(stderr + launched.stdout).not.toContain('pw-secret');
  expect(read('beta.log').match(/^worker$/gm)).toHaveLength(2);
});

it('leaves nothing behind when it is killed', async () => {
  const { cwd, env, read } = setUp('hosts: [{host: beta, workers: 2}]\n');
  const launched = start(WORDS, { cwd, env });
  await waitFor('both run', () => launched.stderr.match(/ready:/g)?.length === 2 || !launched.alive);
  const pids = ['beta-1.pid', 'beta-2.pid'].map(read);
  process.kill(launched.child.pid!, 'SIGKILL');
  await waitFor('both nodes have ended', () => !pids.some(isAlive));
  expect(read('beta-1.log')).toMatch(/drained\n$/);
});

it('--dry-run connects to nothing and shows no secret', async () => {
  const { cwd, env, read } = setUp('hosts: [{host: beta, user: me, port: 2201, ssh: [ProxyJump=gate]}]\n');
  const { code, stdout } = await inProcess([...WORDS, '--dry-run'], { cwd, env });
  expect(code).toBe(0);
  expect(stdout).toContain('connects:  ssh -T -o ProxyJump=gate -o BatchMode=yes');
  expect(stdout).toContain('-l me -p 2201 -- beta ');
  expect(stdout).toContain('runs:      edgesweep worker --json --name beta\n');
  expect(stdout).toContain('EDGESWEEP_NATS_PASSWORD');
  expect(stdout).not.toContain('pw-secret');
  expect(read('ssh.log')).toBe('');
});
