import { hostname, loadavg } from 'node:os';
import type { Msg, Subscription } from '@nats-io/transport-node';
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
  /**
   * Other nodes that were heard lately. The first call begins to listen; undefined until all have had the time to be heard.
   */
  others(): Heartbeat[] | undefined;
  /** at once, then again and again */
  announce(state: Heartbeat['state']): void;
  close(): void;
};

/** After so many heartbeats without being asked, nobody is heard any more. */
const LISTENED = 60;

/**
 * Sends this node's heartbeat. Those of others are heard only for a while after somebody asked for them: if each of N nodes heard all, the
 * server would send N² messages in every period, which is what a thousand nodes would do first.
 */
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
  let listening: { subscription: Subscription; since: number; asked: number } | undefined;
  const hear = (error: Error | null, message: Msg): void => {
    if (error !== null) return;
    const decoded = decode(heartbeatSchema(), message.data);
    if (!decoded.ok || message.subject !== SUBJECTS.heartbeat(decoded.value.node)) return;
    if (heard.size < MOST_NODES || heard.has(decoded.value.node))
      heard.set(decoded.value.node, { beat: decoded.value, at: performance.now() });
  };
  const unlisten = (): void => {
    listening?.subscription.unsubscribe();
    listening = undefined;
    heard.clear();
  };
  const forgetSilent = (): void => {
    // by the receiver's clock: the clocks of nodes may be wrong
    const since = performance.now() - 5 * timings.heartbeat;
    for (const [node, { at }] of heard) if (at < since) heard.delete(node);
  };
  const timer = setInterval(() => {
    beat();
    forgetSilent();
    if (listening !== undefined && performance.now() - listening.asked > LISTENED * timings.heartbeat) unlisten();
  }, timings.heartbeat);
  return {
    others() {
      const now = performance.now();
      listening ??= { subscription: nc.subscribe(SUBJECTS.heartbeat('*'), { callback: hear }), since: now, asked: now };
      listening.asked = now;
      // a heartbeat may be a little late
      if (now - listening.since < 1.25 * timings.heartbeat) return undefined;
      forgetSilent();
      return [...heard.values()].map(({ beat }) => beat).filter(({ node }) => node !== options.name);
    },
    announce(next) {
      state = next;
      beat();
    },
    close() {
      clearInterval(timer);
      unlisten();
    },
  };
}
