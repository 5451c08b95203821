import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { cleanLater, makeFolder } from './folders.ts';
import { freePort } from './nats-server.ts';
import { type Running, spawnProcess } from './processes.ts';
import { waitFor } from './wait-for.ts';

const SSHD = '/usr/sbin/sshd';

/** Why no sshd can be started here; undefined where one can. */
export function whyNoSshd(): string | undefined {
  if (!existsSync(SSHD)) return `${SSHD} is not installed (Debian: openssh-server)`;
  return spawnSync('ssh', ['-V']).status === 0 ? undefined : 'ssh is not installed';
}

export type Sshd = {
  port: number;
  /** lines for `defaults.ssh` of a file of hosts: they make the host known, and no file of the user is read */
  options: string[];
  identity: string;
  process: Running;
};

/** An sshd with keys of its own, for this user. @param namespace network namespace to listen in, at the address */
export async function startSshd(at: { address: string; namespace?: string } = { address: '127.0.0.1' }): Promise<Sshd> {
  const folder = makeFolder();
  chmodSync(folder, 0o700);
  // as a service of Debian makes it
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  const key = (name: string): string => {
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, name)]);
    return readFileSync(join(folder, `${name}.pub`), 'utf8')
      .split(' ')
      .slice(0, 2)
      .join(' ');
  };
  const host = key('host');
  key('client');
  copyFileSync(join(folder, 'client.pub'), join(folder, 'authorized_keys'));
  const port = at.namespace === undefined ? await freePort() : 2222;
  writeFileSync(join(folder, 'known_hosts'), `[${at.address}]:${port} ${host}\n`);
  writeFileSync(
    join(folder, 'sshd_config'),
    [
      `ListenAddress ${at.address}:${port}`,
      `HostKey ${join(folder, 'host')}`,
      `AuthorizedKeysFile ${join(folder, 'authorized_keys')}`,
      `PidFile ${join(folder, 'pid')}`,
      ...[
        'StrictModes no',
        'UsePAM no',
        'PasswordAuthentication no',
        'PermitRootLogin prohibit-password',
        'LogLevel VERBOSE',
      ],
      // the first word of the log of the nodes is that of the program, not a banner
      'PrintMotd no',
      '',
    ].join('\n'),
  );
  const started = spawnProcess(SSHD, ['-D', '-e', '-f', join(folder, 'sshd_config')], {
    cwd: folder,
    namespace: at.namespace,
  });
  cleanLater(async () => {
    started.kill();
    await started.ended.catch(() => {});
  });
  await waitFor('sshd listens', () => started.stderr.includes('Server listening') || !started.alive);
  if (!started.alive) throw new Error(started.stderr);
  const options = [
    `UserKnownHostsFile=${join(folder, 'known_hosts')}`,
    'GlobalKnownHostsFile=/dev/null',
    'StrictHostKeyChecking=yes',
    'IdentitiesOnly=yes',
    'IdentityAgent=none',
    `User=${userInfo().username}`,
  ];
  return { port, options, identity: join(folder, 'client'), process: started };
}
