import { expect, it } from 'vitest';
import { sshWords } from '../../../orchestrator/launch/mod.ts';

const pathOf = (sockets: string, node: { host?: string; port?: number } = {}) =>
  sshWords({ name: 'n', host: 'beta', environment: {}, ...node }, sockets)
    .find((word) => word.startsWith('ControlPath='))
    ?.slice('ControlPath='.length);

it('one short socket for each host, and none where its path would be too long', () => {
  // the folder of macOS for temporary files has 49 bytes
  const sockets = `/var/folders/${'x'.repeat(2)}/${'y'.repeat(30)}/T/edgesweep-ssh-XXXXXX`;
  const path = pathOf(sockets)!;
  // ssh appends a dot and 16 characters while it makes the socket
  expect(path.length + 17).toBeLessThanOrEqual(103);
  expect(pathOf(sockets, { port: 2 })).not.toBe(path);
  expect(pathOf(sockets)).toBe(path);
  expect(pathOf(`/tmp/${'z'.repeat(90)}`)).toBe('none');
  expect(pathOf('/tmp/a folder')).toBe('none');
});
