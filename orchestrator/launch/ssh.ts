import { createHash } from 'node:crypto';
import type { Node } from './hosts.ts';
import { REMOTE_COMMAND } from './remote.ts';

/** Bytes of a socket's path that every system takes: macOS the fewest. */
const MOST_BYTES = 103;
/** ssh first binds the socket under a longer name. */
const SUFFIX_BYTES = 17;

/**
 * The words of ssh for a node. Nodes of one host share a connection. It asks no questions: keys have to be in an agent or without a passphrase, and the
 * host has to be known. A host that is silent for half a minute counts as lost. Options of the file come first, where ssh lets them win.
 * @param sockets folder for the sockets of shared connections
 */
export function sshWords(node: Node, sockets: string): string[] {
  const { host, user, port, identity, ssh = [] } = node;
  const options = [
    ...ssh,
    'BatchMode=yes',
    ...sharing(node, sockets),
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

/** Nodes with the same settings share a connection. One each where ssh cannot have a socket of that path. */
function sharing({ host, user, port, identity, ssh }: Node, sockets: string): string[] {
  const settings = JSON.stringify([host, user, port, identity, ssh]);
  const path = `${sockets}/${createHash('sha256').update(settings).digest('hex').slice(0, 8)}`;
  // ssh splits the path at spaces, and reads % and quotes its own way
  if (Buffer.byteLength(path) + SUFFIX_BYTES > MOST_BYTES || /[\s%"'\\$]/.test(path)) {
    return ['ControlMaster=no', 'ControlPath=none'];
  }
  return ['ControlMaster=auto', `ControlPath=${path}`, 'ControlPersist=no'];
}
