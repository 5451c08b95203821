import { setTimeout as sleep } from 'node:timers/promises';
import { type Cluster, connectCluster, type ServerOptions, type SweepEntry } from '../../shared/protocol/mod.ts';
import {
  type Counts,
  findSweep,
  type HeardNode,
  listSweeps,
  readCounts,
  serverError,
  watchNodes,
} from '../cluster/mod.ts';
import { inColumns } from '../columns.ts';

/** A clock further off is written out, in milliseconds. */
const CLOCK_MS = 2000;

type SweepStatus = Pick<SweepEntry, 'key' | 'name'> & { state: SweepEntry['state'] | 'done' } & Counts;

type ClusterStatus = { sweeps: SweepStatus[]; nodes: HeardNode[] };

/** The server's list does not say that nothing is left of a sweep: its command may have left long before. */
export const shownState = (state: SweepEntry['state'], { done, total }: Counts): SweepStatus['state'] =>
  done === total ? 'done' : state;

/** Follows a server; the first `read` waits until the nodes have been heard. */
export async function openClusterStatus(server: ServerOptions) {
  const cluster = await connectCluster(server, 'orchestrator', 'edgesweep status');
  // what is unusual about a node stands in the table
  const nodes = watchNodes(cluster, () => {});
  // each of them speaks once within a heartbeat
  const heard = sleep(1.25 * cluster.timings.heartbeat);
  return {
    /** @param wanted keys or names; none: all @throws EdgesweepError USAGE when there is no such sweep */
    async read(wanted: readonly string[], json: boolean): Promise<string> {
      try {
        await heard;
        const status = { sweeps: await readSweepCounts(cluster, wanted), nodes: nodes.list() };
        return json ? `${JSON.stringify(status)}\n` : describe(status);
      } catch (error) {
        throw serverError(error);
      }
    },
    async close(): Promise<void> {
      nodes.close();
      await cluster.nc.close();
    },
  };
}

async function readSweepCounts(cluster: Cluster, wanted: readonly string[]): Promise<ClusterStatus['sweeps']> {
  const all = await listSweeps(cluster);
  const entries = wanted.length === 0 ? all : wanted.map((text) => findSweep({ text, fileKey: undefined }, all));
  const withCounts = async (entry: SweepEntry) => {
    const { key, name, state } = entry;
    const counts = await readCounts(cluster, entry);
    return { key, name, state: shownState(state, counts), ...counts };
  };
  return Promise.all(entries.map(withCounts));
}

function describe({ sweeps, nodes }: ClusterStatus): string {
  const sweepRows = sweeps.map(({ key, state, done, running, pending, failed, total }) => [
    key,
    state,
    done,
    running,
    pending,
    failed,
    total,
  ]);
  const nodeRows = nodes.map((node) => [
    node.node,
    node.host,
    node.state,
    `${node.busy}/${node.threads}`,
    node.done,
    node.failed,
    node.load.toFixed(1),
    node.version,
    describeClock(node.clockOffset),
  ]);
  const longRows = nodes.flatMap(({ node, underWay = [] }) =>
    underWay.map(({ task, sweep, iterations }) => [task, sweep, node, iterations]),
  );
  return [
    sweeps.length === 0
      ? 'no sweeps on the server\n'
      : tabulate(['sweep', 'state', 'done', 'running', 'pending', 'failed', 'total'], sweepRows),
    nodes.length === 0
      ? 'no worker nodes are running: start some with `edgesweep worker --nats ...`\n'
      : tabulate(['node', 'host', 'state', 'busy', 'done', 'failed', 'load', 'version', 'clock'], nodeRows),
    ...(longRows.length === 0 ? [] : [tabulate(['long task', 'sweep', 'node', 'iterations'], longRows)]),
  ].join('\n');
}

function describeClock(offset: number): string {
  if (Number.isNaN(offset)) return 'unreadable';
  if (Math.abs(offset) <= CLOCK_MS) return 'right';
  return `${Math.round(Math.abs(offset) / 1000)} s ${offset > 0 ? 'ahead' : 'behind'}`;
}

function tabulate(head: string[], rows: (string | number)[][]): string {
  const align = (rows[0] ?? head).map((value) => (typeof value === 'number' ? 'right' : 'left'));
  return `${inColumns([head, ...rows.map((row) => row.map(String))], align).lines.join('\n')}\n`;
}
