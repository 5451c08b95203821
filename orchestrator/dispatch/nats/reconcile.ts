import { setTimeout as sleep } from 'node:timers/promises';
import { counted, type DataNeed, EdgesweepError, messageOf } from '../../../shared/mod.ts';
import type { Cluster } from '../../../shared/protocol/mod.ts';
import type { Expansion, Sweep } from '../../../shared/sweep/mod.ts';
import { consumerInfo, ensureConsumer, MOST_UNDER_WAY, purgeTasks, removeConsumer } from '../../cluster/consumer.ts';
import type { Nodes } from '../../cluster/nodes.ts';
import { registerSweep, removeSweep, writeRefused } from '../../cluster/registration.ts';
import { readOwnSweep } from '../../cluster/registry.ts';
import { serverError } from '../../cluster/server-error.ts';
import { fullStreams, type Space } from '../../cluster/space.ts';
import { type Buckets, ensureStreams } from '../../cluster/streams.ts';
import type { Work } from '../../work.ts';
import { watchHeld } from './held.ts';
import type { Refusals } from './refusals.ts';
import { isForTheUser, whileAway } from './while-away.ts';

/** How often the server is asked to forget a sweep of which all results are in the journal. */
const FINISH_TRIES = 3;

export type ReconcilerOptions = {
  cluster: Cluster;
  key: string;
  sweep: Sweep;
  expansion: Expansion;
  replicas: number;
  /** what the sweep takes on the server */
  space: Space;
  nodes: Nodes;
  work: Work;
  /** files that nodes have to have for some of the tasks */
  needs: readonly DataNeed[];
  refusals: Refusals;
  signal: AbortSignal;
  note(text: string): void;
};

export type Reconciler = {
  /**
   * Streams and buckets are there, or made; the sweep is on the list that nodes read, and its consumer is there. Waits for a server
   * that is away.
   */
  register(): Promise<void>;
  /**
   * Compares what should be with what is, and mends it. Trouble with the server is told and waited for.
   * @returns `missing` when nothing is queued and nothing under way: what is left is on the server as a result, or has to be sent
   */
  look(): Promise<'fine' | 'missing'>;
  /** Something moves: an outcome came, or a task is sent. */
  sawProgress(): void;
  /** Tells the nodes which of them are to take no tasks of the sweep. */
  tellRefused(): Promise<void>;
  /** Takes the sweep off the list and its tasks off the server; its results stay for others to collect. */
  finish(): Promise<void>;
};

export function createReconciler(options: ReconcilerOptions): Reconciler {
  const { cluster, key, sweep, expansion, replicas, space, nodes, work, needs, refusals, signal, note } = options;
  const { timings } = cluster;
  let buckets: Buckets;
  let lastProgress = performance.now();
  let purged = 0;
  let troubled = false;
  let told = '';
  const tellOnce = (text: string) => {
    if (told !== text) note(text);
    told = text;
  };

  const areHeld = watchHeld(timings.held, MOST_UNDER_WAY);

  /** A new consumer knows nothing of what the last one has handed out: all tasks that are left are there for others to take. */
  const handOutAgain = async () => {
    await removeConsumer(cluster, key);
    await ensureConsumer(cluster, key);
    lastProgress = performance.now();
  };

  const registerOnce = async () => {
    buckets = await ensureStreams(cluster, replicas, space);
    await registerSweep(cluster, buckets, key, { sweep, expansion }, work, needs, refusals.list());
  };

  const check = async (): Promise<'fine' | 'missing'> => {
    const quiet = performance.now() - lastProgress;
    // the server may have lost its store, or somebody removed a stream
    if (troubled || quiet > timings.quiet) buckets = await ensureStreams(cluster, replicas);
    const entry = await readOwnSweep(buckets.sweeps, key);
    if (entry?.state === 'cancelled') {
      throw new EdgesweepError('SWEEP_CANCELLED', `sweep ${sweep.name} was cancelled`, {
        got: `${work.total - work.left()} of ${work.total} tasks done`,
        fix: 'rerun the same command to continue',
      });
    }
    if (entry?.state === 'paused') {
      tellOnce(`paused; \`edgesweep resume ${sweep.name}\` continues`);
      return 'fine';
    }
    const consumer = await consumerInfo(cluster, key);
    if (entry === undefined || consumer === undefined) {
      // another orchestrator has finished, or the server has lost its store
      await registerOnce();
      lastProgress = performance.now();
      return 'missing';
    }
    // one that was found while the sweep was being registered, say
    if (!refusals.areIn(entry.refused)) await writeRefused(cluster, buckets, key, refusals.list());
    const acknowledged = consumer.ack_floor.stream_seq;
    // not only when it is more than before: a server that has lost its store counts from the start
    if (acknowledged !== purged) await purgeTasks(cluster, key, acknowledged + 1);
    purged = acknowledged;
    if (quiet > timings.quiet && nodes.list().length === 0)
      tellOnce('no worker nodes are running: start some with `edgesweep worker --nats ...`');
    if (quiet > timings.quiet) {
      const full = await fullStreams(cluster);
      if (full.length > 0)
        tellOnce(
          `waiting for space on the server: ${full.join(', ')}; interrupt and rerun the same command to raise the limit`,
        );
    }
    const { num_pending: queued, num_ack_pending: underWay } = consumer;
    if (queued > 0 && underWay === 0 && quiet > timings.quiet && needs.length > 0 && nodes.list().length > 0) {
      const names = needs.map(({ kind }) => kind).join(', ');
      tellOnce(`no task is running; the nodes may lack the data (${names}): upload it with \`edgesweep data push\``);
    }
    if (queued === 0 && underWay === 0 && quiet > timings.quiet) {
      // acknowledged tasks would stand in the way of sending them again
      await purgeTasks(cluster, key);
      lastProgress = performance.now();
      return 'missing';
    }
    if (queued > 0 && underWay === 0 && quiet > timings.stuck && nodes.list().length > 0) {
      note('tasks are queued and nodes are free, but nothing is delivered: recreating the consumer');
      await handOutAgain();
    } else if (areHeld({ queued, underWay, ...nodes.threads(), left: work.left() }, performance.now())) {
      tellOnce(`${counted(underWay, 'task')} were handed out and others are idle: they are handed out again`);
      await handOutAgain();
    }
    return 'fine';
  };

  /** What went wrong is thrown when only the user can mend it, and else told, once. */
  const wait = (cause: unknown): void => {
    const error = serverError(cause);
    if (isForTheUser(error)) throw error;
    if (!troubled && !signal.aborted) note(`waiting for the server: ${messageOf(error)}`);
    troubled = true;
  };
  const isBack = () => {
    if (troubled) note('the server is back');
    troubled = false;
  };

  return {
    async register() {
      while (!signal.aborted) {
        try {
          await registerOnce();
          return isBack();
        } catch (error) {
          wait(error);
          await sleep(timings.retry, undefined, { signal }).catch(() => {});
        }
      }
    },
    sawProgress() {
      lastProgress = performance.now();
    },
    async look() {
      try {
        const found = await check();
        isBack();
        return found;
      } catch (error) {
        wait(error);
        return 'fine';
      }
    },
    tellRefused: async () => {
      await whileAway(cluster, () => writeRefused(cluster, buckets, key, refusals.list()), signal);
    },
    async finish() {
      for (let tries = 1; !signal.aborted; tries++) {
        try {
          return await removeSweep(cluster, buckets, key);
        } catch (cause) {
          const error = serverError(cause);
          if (tries === FINISH_TRIES) {
            const why = messageOf(error);
            return note(
              `everything is recorded here, but the server still lists the sweep (${why}); \`edgesweep cancel\` removes it`,
            );
          }
          await sleep(timings.retry, undefined, { signal }).catch(() => {});
        }
      }
    },
  };
}
