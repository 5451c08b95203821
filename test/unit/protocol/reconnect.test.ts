import type { NatsConnection, Status } from '@nats-io/transport-node';
import { expect, it } from 'vitest';
import { makeReconnects } from '../../../shared/protocol/reconnect.ts';

it('tries to connect again become rarer while the connection stays away, and are frequent after it was back', async () => {
  let time = 0;
  let next: (status: Status) => void = () => {};
  const nc = {
    status: async function* () {
      for (;;) yield await new Promise<Status>((resolve) => (next = resolve));
    },
  } as unknown as NatsConnection;
  const reconnects = makeReconnects(500, () => time, 1);
  void reconnects.watch(nc);
  const hear = async (type: 'disconnect' | 'reconnect') => {
    next({ type, server: 'nats://127.0.0.1:4222' } as Status);
    await new Promise(setImmediate);
  };
  const after = (ms: number) => {
    time += ms;
    return reconnects.delay();
  };
  expect(after(60_000)).toBe(500);
  await hear('disconnect');
  expect([after(0), after(1000), after(3000), after(4000), after(60_000)]).toEqual([500, 500, 1000, 2000, 4000]);
  // asking changes nothing
  expect(reconnects.delay()).toBe(4000);
  await hear('reconnect');
  await hear('disconnect');
  expect(after(100)).toBe(500);
});
