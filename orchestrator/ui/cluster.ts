import { describeCell, visible } from '../../shared/mod.ts';
import { type Cluster, connectCluster, type ServerOptions, STREAMS } from '../../shared/protocol/mod.ts';
import {
  CHANGES,
  type FailedTask,
  findBuckets,
  forgetFailures,
  hasStream,
  listSweeps,
  type Nodes,
  readCounts,
  readFailures,
  serverError,
  sweepsWithFailures,
  watchNodes,
} from '../cluster/mod.ts';
import { sayCounts } from '../say-counts.ts';
import { REFUSED_WHY, readSweepStatus } from '../status/mod.ts';
import { RequestError } from './answers.ts';
import type { AuditTrail } from './audit-trail.ts';
import { troubleOf } from './trouble.ts';
import type { Action, AuditLine, ClusterStanding, ClusterSweep, NodeStanding, Trouble } from './wire.ts';

const EVERY_MS = 2000;
/** Failed tasks of a sweep that are read; their number is known whatever it is. */
const MOST_READ = 1000;
/** Failed tasks that the list of the cluster shows, for each sweep. */
const MOST_SHOWN = 20;

/** A nats-server as the page shows it, looked at while somebody has the page open. */
export class ClusterWatch {
  readonly #options: ServerOptions;
  readonly #audit: AuditTrail;
  #connected: { cluster: Cluster; nodes: Nodes } | undefined;
  #standing: ClusterStanding;
  #timer: NodeJS.Timeout | undefined;
  #looking = false;
  /** `at`: the state of the stream that they were read from */
  #failures: { at: string; bySweep: ReadonlyMap<string, FailedTask[]> } = { at: '', bySweep: new Map() };

  constructor(options: ServerOptions, audit: AuditTrail) {
    this.#options = options;
    this.#audit = audit;
    this.#standing = { servers: options.servers.join(', '), sweeps: [], nodes: [], trouble: null };
  }

  /**
   * @param isWatched whether anybody looks
   * @param tell receives what changed
   * @param tellFailures receives all failed tasks when they changed
   */
  start(
    isWatched: () => boolean,
    tell: (standing: ClusterStanding) => void,
    tellFailures: (tasks: readonly FailedTask[]) => void,
  ): void {
    const look = async () => {
      if (this.#looking || !isWatched()) return;
      this.#looking = true;
      const before = JSON.stringify(this.#standing);
      const { at } = this.#failures;
      await this.#look();
      if (this.#failures.at !== at) tellFailures([...this.#failures.bySweep.values()].flat());
      this.#looking = false;
      if (JSON.stringify(this.#standing) !== before) tell(this.#standing);
    };
    void look();
    this.#timer = setInterval(() => void look(), EVERY_MS);
  }

  get standing(): ClusterStanding {
    return this.#standing;
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#connected?.nodes.close();
    await this.#connected?.cluster.nc.close();
  }

  async #look(): Promise<void> {
    try {
      const { cluster, nodes } = await this.#connect();
      const entries = await listSweeps(cluster);
      await this.#readFailures(cluster);
      const sweeps = await Promise.all(
        entries.map(async (entry): Promise<ClusterSweep> => {
          const { refused, ...status } = await readSweepStatus(cluster, entry);
          const failures = this.#failures.bySweep.get(entry.key) ?? [];
          return {
            ...status,
            name: visible(status.name),
            refused: refused.map(({ node, key, why }) => ({ node: visible(node), key, why: REFUSED_WHY[why] })),
            failures: failures.slice(0, MOST_SHOWN).map(shownFailure),
          };
        }),
      );
      this.#standing = { ...this.#standing, sweeps, nodes: nodes.list().map(standingOf), trouble: null };
    } catch (error) {
      this.#standing = { ...this.#standing, nodes: [], trouble: this.#troubleOf(error) };
    }
  }

  /** Failed tasks of all sweeps, also of those off the list; read again only when a message came or went. */
  async #readFailures(cluster: Cluster): Promise<void> {
    // before the first sweep there is none
    if (!(await hasStream(cluster, STREAMS.failed))) return;
    const { state } = await cluster.jsm.streams.info(STREAMS.failed);
    const at = `${state.last_seq} ${state.messages}`;
    if (at === this.#failures.at) return;
    const sweeps = await sweepsWithFailures(cluster);
    const read = sweeps.map(async ({ key }) => [key, await readFailures(cluster, key, MOST_READ)] as const);
    this.#failures = { at, bySweep: new Map(await Promise.all(read)) };
  }

  #troubleOf(error: unknown): Trouble {
    const trouble = troubleOf(serverError(error));
    const last = this.#standing.trouble;
    return last?.message === trouble.message ? { ...trouble, since: last.since } : trouble;
  }

  async #connect() {
    if (this.#connected === undefined || this.#connected.cluster.nc.isClosed()) {
      const cluster = await connectCluster(this.#options, 'orchestrator', 'edgesweep ui');
      this.#connected = { cluster, nodes: watchNodes(cluster, () => {}) };
    }
    return this.#connected;
  }

  /**
   * Does what the user asked for, once the counts are still those that were shown to them.
   * @throws RequestError; EdgesweepError what the server refuses
   */
  async act(action: Action, key: string): Promise<AuditLine> {
    try {
      const { cluster } = await this.#connect();
      const entry = (await listSweeps(cluster)).find((listed) => listed.key === key);
      const buckets = await findBuckets(cluster);
      if (entry === undefined || buckets === undefined) throw new RequestError(404, 'the server has no such sweep');
      const before = sayCounts(await readCounts(cluster, entry));
      const said =
        action === 'retry' ? await this.#retry(cluster, key) : await CHANGES[action](cluster, buckets, entry);
      const after = sayCounts(await readCounts(cluster, entry));
      const line = this.#audit.add(key, `${action} ${key}: ${said} (before: ${before}; after: ${after})`);
      await this.#look();
      return line;
    } catch (error) {
      throw error instanceof RequestError ? error : serverError(error);
    }
  }

  async #retry(cluster: Cluster, key: string): Promise<string> {
    const { failed, disagreed } = await forgetFailures(cluster, key);
    const also = disagreed === 0 ? '' : `; the recorded results of ${disagreed} are removed, since nodes disagreed`;
    return `${failed} failed tasks will be retried by the next \`edgesweep run\` with --nats${also}`;
  }
}

function shownFailure({ id, task, error, node = '' }: FailedTask): ClusterSweep['failures'][number] {
  const text = task === undefined ? '' : `${describeCell(task.cell)}, run ${task.run}`;
  return { task: visible(id), text: visible(text), why: visible(error), node: visible(node) };
}

function standingOf(node: ReturnType<Nodes['list']>[number]): NodeStanding {
  const { host, state, busy, threads, done, failed, load, version, underWay = [] } = node;
  return {
    node: visible(node.node),
    host: visible(host),
    state,
    busy,
    threads,
    done,
    failed,
    load,
    version: visible(version),
    underWay: underWay.map(({ task, sweep, iterations }) => ({ task, sweep, iterations, of: null })),
  };
}
