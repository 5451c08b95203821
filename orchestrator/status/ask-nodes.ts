import { setTimeout as sleep } from 'node:timers/promises';
import { connectCluster, type ServerOptions } from '../../shared/protocol/mod.ts';
import { listSweeps, readCounts, readRate, serverError, watchNodes } from '../cluster/mod.ts';

export type NodesAsked = {
  nodes: number;
  threads: number;
  /** tasks per second of the sweep, where nodes compute it now */
  rate: number | undefined;
  /** tasks of the sweep whose results the server lacks; all of them where it does not have the sweep */
  left: number;
};

/** The nodes of a server, and how fast they compute a sweep. @param key of the sweep @throws as `openClusterStatus` */
export async function askNodes(server: ServerOptions, key: string): Promise<NodesAsked> {
  const cluster = await connectCluster(server, 'orchestrator', 'edgesweep run --dry-run');
  const nodes = watchNodes(cluster, () => {});
  try {
    // each node speaks once within a heartbeat
    await sleep(1.25 * cluster.timings.heartbeat);
    const entry = (await listSweeps(cluster)).find((sweep) => sweep.key === key);
    const counts = entry && (await readCounts(cluster, entry));
    const list = nodes.list();
    return {
      nodes: list.length,
      threads: list.reduce((sum, { threads }) => sum + threads, 0),
      rate: counts !== undefined && counts.running > 0 ? (await readRate(cluster, key))?.rate : undefined,
      left: counts === undefined ? Number.POSITIVE_INFINITY : counts.running + counts.pending,
    };
  } catch (error) {
    throw serverError(error);
  } finally {
    nodes.close();
    await cluster.nc.close();
  }
}
