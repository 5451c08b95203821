import type { Msg, NatsConnection } from '@nats-io/transport-node';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type Cluster, TIMINGS } from '../../../shared/protocol/mod.ts';
import { startHeartbeats } from '../../../worker/node/heartbeats.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance', 'Date'] }));
afterEach(() => void vi.useRealTimers());

/** Nodes that hear each other as they do through a server, and how many messages that takes. */
function makeServer() {
  const listeners = new Set<(error: null, message: Msg) => void>();
  const server = { delivered: 0, listeners };
  const connect = (): Cluster => {
    const nc = {
      isClosed: () => false,
      publish(subject: string, data: Uint8Array) {
        for (const listener of listeners) {
          server.delivered += 1;
          listener(null, { subject, data } as Msg);
        }
      },
      subscribe(_subject: string, { callback }: { callback: (error: null, message: Msg) => void }) {
        listeners.add(callback);
        return { unsubscribe: () => void listeners.delete(callback) };
      },
    };
    return { nc: nc as unknown as NatsConnection, js: undefined as never, jsm: undefined as never, timings: TIMINGS };
  };
  return { server, connect };
}

it('a node hears others only after somebody asked, and for a while: heartbeats do not grow with the square of the nodes', () => {
  const { server, connect } = makeServer();
  const nodes = Array.from({ length: 20 }, (_, i) => {
    const options = { name: `node-${i}`, threads: 1, engine: 'simd' as const, drainTimeout: 1 };
    return startHeartbeats(connect(), options, { busy: 0, done: 0, failed: 0 }, new Map(), () => []);
  });
  vi.advanceTimersByTime(10 * TIMINGS.heartbeat);
  expect(server).toMatchObject({ delivered: 0 });
  const [first] = nodes;
  expect(first.others()).toBeUndefined();
  vi.advanceTimersByTime(1.5 * TIMINGS.heartbeat);
  expect(first.others()?.map(({ node }) => node)).toHaveLength(19);
  expect(server.listeners.size).toBe(1);
  vi.advanceTimersByTime(70 * TIMINGS.heartbeat);
  expect(server.listeners.size).toBe(0);
  expect(first.others()).toBeUndefined();
  for (const node of nodes) node.close();
  expect(server.listeners.size).toBe(0);
});
