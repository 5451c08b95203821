import { counted, NUMERICS, softwareVersion } from '../../shared/mod.ts';
import {
  type Cluster,
  decode,
  type Heartbeat,
  heartbeatSchema,
  MOST_NODES,
  PROTOCOL_VERSION,
  SUBJECTS,
} from '../../shared/protocol/mod.ts';
import { limitNotes } from './limited-notes.ts';

/** A clock this far off is told of, in milliseconds. */
const WRONG_CLOCK_MS = 60_000;

/** A node as it was heard last. */
export type HeardNode = Heartbeat & {
  /** its clock less ours, in milliseconds, with the time that the message took */
  clockOffset: number;
};

export type Nodes = {
  /** nodes heard lately, by name */
  list(): HeardNode[];
  /** of the nodes that take tasks of this arithmetic: threads without a task, and tasks that they are busy with */
  threads(): { idle: number; busy: number };
  /** such as `3 nodes, 12 threads` */
  summary(): string;
  /** @param hear told of each heartbeat from now on @returns ends that */
  listen(hear: (node: HeardNode) => void): () => void;
  close(): void;
};

/**
 * Listens to the nodes.
 * @param note told, once a node, of what the user should know: another version, another arithmetic, a wrong clock
 * @param sweep key of the one that is run
 */
export function watchNodes({ nc, timings }: Cluster, note: (text: string) => void, sweep?: string): Nodes {
  const heard = new Map<string, { node: HeardNode; at: number }>();
  /** of all that were heard: the summary is asked for with every outcome, so it may not go through the nodes */
  let threads = 0;
  const told = new Set<string>();
  const listeners = new Set<(node: HeardNode) => void>();
  const noteOfNode = limitNotes(note, 'nodes');
  const tell = (key: string, text: string) => {
    if (told.has(key) || told.size >= MOST_NODES) return;
    told.add(key);
    noteOfNode(text);
  };
  const look = (beat: HeardNode): void => {
    if (Math.abs(beat.clockOffset) > WRONG_CLOCK_MS) {
      const seconds = Math.round(beat.clockOffset / 1000);
      tell(
        `clock ${beat.node}`,
        `the clock of node ${beat.node} is ${Math.abs(seconds)} s ${seconds > 0 ? 'ahead of' : 'behind'} this machine's; results do not depend on it, but TLS certificates and logs do`,
      );
    }
    const { node, version } = beat;
    const ours = `edgesweep ${softwareVersion()}`;
    if (!beat.protocols.includes(PROTOCOL_VERSION)) {
      tell(
        `protocol ${node}`,
        `node ${node} (version ${version}) has protocol ${beat.protocols.join(', ')}, but this run (${ours}) has ${PROTOCOL_VERSION}: the node takes none of its tasks`,
      );
    }
    if (sweep !== undefined && beat.unreadable?.includes(sweep)) {
      tell(
        `unreadable ${node}`,
        `node ${node} (version ${version}) cannot read tasks of this sweep, which ${ours} sends: the node takes none of them`,
      );
    }
    if (beat.numerics !== NUMERICS) {
      tell(
        `numerics ${beat.node}`,
        `node ${beat.node} (version ${beat.version}) has arithmetic ${beat.numerics}, but this sweep needs ${NUMERICS}: the node takes none of its tasks`,
      );
    }
    if (beat.state === 'set-aside') tell(`fault ${beat.node}`, `node ${beat.node} has withdrawn: tasks fail on it`);
  };
  const canCompute = ({ state, numerics, protocols, unreadable }: HeardNode) =>
    state === 'ready' &&
    numerics === NUMERICS &&
    protocols.includes(PROTOCOL_VERSION) &&
    !(sweep !== undefined && unreadable?.includes(sweep));
  const subscription = nc.subscribe(SUBJECTS.heartbeat('*'), {
    callback: (error, message) => {
      if (error !== null) return;
      const decoded = decode(heartbeatSchema(), message.data);
      if (!decoded.ok || message.subject !== SUBJECTS.heartbeat(decoded.value.node)) return;
      if (heard.size >= MOST_NODES && !heard.has(decoded.value.node)) return;
      const node = { ...decoded.value, clockOffset: Date.parse(decoded.value.time) - Date.now() };
      look(node);
      for (const hear of listeners) hear(node);
      threads += node.threads - (heard.get(node.node)?.node.threads ?? 0);
      heard.set(node.node, { node, at: performance.now() });
    },
  });
  const forgetSilent = () => {
    // by our clock: the clocks of nodes may be wrong
    const since = performance.now() - 5 * timings.heartbeat;
    // counted anew: beyond 2^53, which an invented node may claim, sums and differences are inexact
    threads = 0;
    for (const [name, { node, at }] of heard) {
      if (at < since) heard.delete(name);
      else threads += node.threads;
    }
  };
  // also where nobody asks for the list: the summary counts them, and invented nodes would keep the place of real ones
  const timer = setInterval(forgetSilent, timings.heartbeat).unref();
  const list = () => {
    forgetSilent();
    return [...heard.values()].map(({ node }) => node).sort((a, b) => (a.node < b.node ? -1 : 1));
  };
  return {
    list,
    threads() {
      const ready = list().filter(canCompute);
      const sum = (of: (node: HeardNode) => number) => ready.reduce((all, node) => all + of(node), 0);
      return { idle: sum(({ threads, busy }) => Math.max(0, threads - busy)), busy: sum(({ busy }) => busy) };
    },
    summary: () => `${counted(heard.size, 'node')}, ${counted(threads, 'thread')}`,
    listen(hear) {
      listeners.add(hear);
      return () => listeners.delete(hear);
    },
    close() {
      clearInterval(timer);
      subscription.unsubscribe();
    },
  };
}
