import { setTimeout as sleep } from 'node:timers/promises';
import { roughly } from '../../shared/mod.ts';
import {
  type Cluster,
  connectCluster,
  type Refusal,
  type ServerOptions,
  type SweepEntry,
} from '../../shared/protocol/mod.ts';
import {
  type Counts,
  findSweep,
  type HeardNode,
  listSweeps,
  readCounts,
  readRate,
  secondsLeft,
  serverError,
  watchNodes,
} from '../cluster/mod.ts';
import { tableLines } from '../columns.ts';

/** A clock further off is written out, in milliseconds. */
const CLOCK_MS = 2000;

/** Why results of a node are not taken, in words. */
export const REFUSED_WHY: { [why in Refusal['why']]: string } = {
  'not-trusted': 'its key is not trusted',
  differs: 'a result was wrong',
};

type SweepStatus = Pick<SweepEntry, 'key' | 'name' | 'refused'> & { state: SweepEntry['state'] | 'done' } & Counts & {
    /** tasks per second of the last minutes; null where nothing is under way, or nothing has ended */
    rate: number | null;
    /** by the expected work of the tasks that are left; null where `rate` is */
    secondsLeft: number | null;
  };

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
    /** @param wanted keys or names; none: all @param columns of the terminal @throws EdgesweepError USAGE when there is no such sweep */
    async read(wanted: readonly string[], json: boolean, columns: number | undefined): Promise<string> {
      try {
        await heard;
        const status = { sweeps: await readSweepCounts(cluster, wanted), nodes: nodes.list() };
        return json ? `${JSON.stringify(status)}\n` : describe(status, columns);
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
  return Promise.all(entries.map((entry) => readSweepStatus(cluster, entry)));
}

/** How far a sweep on the list of a server is. */
export async function readSweepStatus(cluster: Cluster, entry: SweepEntry): Promise<SweepStatus> {
  const { key, name, state, refused } = entry;
  const counts = await readCounts(cluster, entry);
  const shown = shownState(state, counts);
  // a paused sweep has no pace, nor has one that no node computes
  const lately = shown === 'running' && counts.running > 0 ? await readRate(cluster, key) : undefined;
  const { total } = counts;
  const done = total - counts.running - counts.pending;
  const left = lately && secondsLeft(entry.costs, { done, total, ...lately });
  return { key, name, state: shown, ...counts, rate: lately?.rate ?? null, secondsLeft: left ?? null, refused };
}

function describe({ sweeps, nodes }: ClusterStatus, columns: number | undefined): string {
  const sweepRows = sweeps.map(({ key, state, done, running, pending, failed, total, rate, secondsLeft }) => [
    key,
    state,
    done,
    running,
    pending,
    failed,
    total,
    rate === null ? '' : Number(rate.toPrecision(2)),
    secondsLeft === null ? '' : `about ${roughly(secondsLeft)}`,
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
  const refusedRows = sweeps.flatMap(({ key: sweep, refused }) =>
    refused.map(({ node, key, why }) => [sweep, node, key, REFUSED_WHY[why]]),
  );
  const tabulate = (head: string[], rows: (string | number)[][]): string => {
    const align = rows[0].map((value) => (typeof value === 'number' ? 'right' : 'left'));
    return `${tableLines({ head, align, body: rows.map((row) => row.map(String)) }, columns).join('\n')}\n`;
  };
  return [
    sweeps.length === 0 ? 'no sweeps on the server\n' : tabulate(SWEEP_HEAD, sweepRows),
    nodes.length === 0
      ? 'no worker nodes are running: start some with `edgesweep worker --nats ...`\n'
      : tabulate(NODE_HEAD, nodeRows),
    ...(refusedRows.length === 0 ? [] : [tabulate(['sweep', 'refused node', 'key', 'why'], refusedRows)]),
    ...(longRows.length === 0 ? [] : [tabulate(['long task', 'sweep', 'node', 'iterations'], longRows)]),
  ].join('\n');
}

const SWEEP_HEAD = ['sweep', 'state', 'done', 'running', 'pending', 'failed', 'total', 'per second', 'left'];
const NODE_HEAD = ['node', 'host', 'state', 'busy', 'done', 'failed', 'load', 'version', 'clock'];

function describeClock(offset: number): string {
  if (Number.isNaN(offset)) return 'unreadable';
  if (Math.abs(offset) <= CLOCK_MS) return 'right';
  return `${Math.round(Math.abs(offset) / 1000)} s ${offset > 0 ? 'ahead' : 'behind'}`;
}
