import type { Node } from './hosts.ts';
import { REMOTE_COMMAND } from './remote.ts';

/**
 * The words of ssh for a node. Nodes of one host share a connection. It asks no questions: keys have to be in an agent or without a passphrase, and the
 * host has to be known. A host that is silent for half a minute counts as lost. Options of the file come first, where ssh lets them win.
 * @param sockets folder for the sockets of shared connections
 */
export function sshWords({ host, user, port, identity, ssh = [] }: Node, sockets: string): string[] {
  const options = [
    ...ssh,
    'BatchMode=yes',
    'ControlMaster=auto',
    `ControlPath=${sockets}/%C`,
    'ControlPersist=no',
    'ConnectTimeout=20',
    'ServerAliveInterval=10',
    'ServerAliveCountMax=3',
  ];
  return [
    '-T',
    ...options.flatMap((option) => ['-o', option]),
    ...(user === undefined ? [] : ['-l', user]),
    ...(port === undefined ? [] : ['-p', String(port)]),
    ...(identity === undefined ? [] : ['-i', identity]),
    '--',
    host,
    REMOTE_COMMAND,
  ];
}
