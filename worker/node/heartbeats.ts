import { hostname, loadavg } from 'node:os';
import { NUMERICS, softwareVersion } from '../../shared/mod.ts';
import type { Cluster } from '../../shared/protocol/mod.ts';
import {
  decode,
  encode,
  type Heartbeat,
  heartbeatSchema,
  KNOWN_PROTOCOLS,
  MOST_NODES,
  MOST_UNDER_WAY,
  MOST_UNREADABLE,
  SUBJECTS,
} from '../../shared/protocol/mod.ts';
import type { Counts, NodeOptions, UnderWayTasks } from './context.ts';

export type Heartbeats = {
  /** other nodes that were heard lately */
  others(): Heartbeat[];
  /** at once, then again and again */
  announce(state: Heartbeat['state']): void;
  close(): void;
};

/** Sends this node's heartbeat and hears those of others. */
export function startHeartbeats(
  { nc, timings }: Cluster,
  options: NodeOptions,
  counts: Counts,
  underWay: UnderWayTasks,
  unreadable: () => string[],
): Heartbeats {
  const heard = new Map<string, { beat: Heartbeat; at: number }>();
  let state: Heartbeat['state'] = 'ready';
  const beat = (): void => {
    const unread = unreadable().slice(0, MOST_UNREADABLE);
    const message: Heartbeat = {
      node: options.name,
      host: hostname(),
      pid: process.pid,
      version: softwareVersion(),
      numerics: NUMERICS,
      runtime: process.version,
      threads: options.threads,
      ...counts,
      busy: Math.min(counts.busy, options.threads),
      load: loadavg()[0],
      ...(underWay.size > 0 && { underWay: [...underWay.values()].slice(0, MOST_UNDER_WAY) }),
      protocols: [...KNOWN_PROTOCOLS],
      ...(unread.length > 0 && { unreadable: unread }),
      ...(options.key !== undefined && { key: options.key.publicKey }),
      state,
      time: new Date().toISOString(),
    };
    if (!nc.isClosed()) nc.publish(SUBJECTS.heartbeat(options.name), encode(message));
  };
  const subscription = nc.subscribe(SUBJECTS.heartbeat('*'), {
    callback: (error, message) => {
      if (error !== null) return;
      const decoded = decode(heartbeatSchema, message.data);
      if (!decoded.ok || message.subject !== SUBJECTS.heartbeat(decoded.value.node)) return;
      if (heard.size < MOST_NODES || heard.has(decoded.value.node))
        heard.set(decoded.value.node, { beat: decoded.value, at: performance.now() });
    },
  });
  const forgetSilent = (): void => {
    // by the receiver's clock: the clocks of nodes may be wrong
    const since = performance.now() - 5 * timings.heartbeat;
    for (const [node, { at }] of heard) if (at < since) heard.delete(node);
  };
  const timer = setInterval(() => {
    beat();
    forgetSilent();
  }, timings.heartbeat);
  return {
    others() {
      forgetSilent();
      return [...heard.values()].map(({ beat }) => beat).filter(({ node }) => node !== options.name);
    },
    announce(next) {
      state = next;
      beat();
    },
    close() {
      clearInterval(timer);
      subscription.unsubscribe();
    },
  };
}
