import type { NatsConnection } from '@nats-io/transport-node';

/** Of the time without a connection, one wait between two tries is this share: each is a third longer than the one before. */
const SHARE = 1 / 4;
/** The longest wait, in shortest ones. */
const MOST = 8;

/** How long to wait between two tries to connect. */
export type Reconnects = {
  /** in milliseconds, now; may be asked any number of times */
  delay(): number;
  /** Tells it when the connection is lost, and is back. */
  watch(nc: Pick<NatsConnection, 'status'>): Promise<void>;
};

/**
 * Soon after the connection was lost tries are frequent. Later they are rare: a thousand nodes that wait for one busy server would keep it
 * busy. Each node has a pace of its own, up to twice the shortest wait.
 * @param shortest in milliseconds
 */
export function makeReconnects(
  shortest: number,
  now: () => number = () => performance.now(),
  pace = 1 + Math.random(),
): Reconnects {
  let lostAt: number | undefined;
  return {
    delay() {
      const without = lostAt === undefined ? 0 : now() - lostAt;
      return pace * Math.min(Math.max(shortest, without * SHARE), MOST * shortest);
    },
    async watch(nc) {
      for await (const { type } of nc.status()) {
        if (type === 'disconnect') lostAt = now();
        if (type === 'reconnect') lostAt = undefined;
      }
    },
  };
}
