import { EdgesweepError, type Sweep } from '../../shared/mod.ts';
import { type Cluster, decodeOutcome, STREAMS, SUBJECTS } from '../../shared/protocol/mod.ts';
import type { DispatchEvent, Work } from '../dispatch/dispatcher.ts';
import type { Channel } from './channel.ts';
import { consumerInfo, ensureConsumer, purgeTasks, removeConsumer } from './consumer.ts';
import { enqueueTasks } from './enqueue.ts';
import type { Nodes } from './nodes.ts';
import { registerSweep, removeSweep } from './registration.ts';
import { readSweeps } from './registry.ts';
import { type Buckets, ensureStreams } from './streams.ts';

/** How long nothing may happen, in milliseconds, before tasks that are on no list are sent again. */
const QUIET_MS = 3000;
/** How long tasks may lie there, and nodes be free, before the consumer is made anew. */
const STUCK_MS = 60_000;

export type ReconcilerOptions = {
  cluster: Cluster;
  key: string;
  sweep: Sweep;
  replicas: number;
  nodes: Nodes;
  work: Work;
  channel: Channel<DispatchEvent>;
  signal: AbortSignal;
  note(text: string): void;
};

export type Reconciler = {
  /** Streams and buckets are there, or made. */
  prepare(): Promise<void>;
  /** The sweep is on the list that nodes read, and its consumer is there. */
  register(): Promise<void>;
  /** Compares what should be with what is, and mends it. Trouble with the server is told and waited for. */
  look(): Promise<void>;
  /** An outcome came. */
  sawOutcome(): void;
  /** Takes the sweep off the list and its tasks off the server; its results stay for others to collect. */
  finish(): Promise<void>;
};

export function createReconciler(options: ReconcilerOptions): Reconciler {
  const { cluster, key, sweep, replicas, nodes, work, signal, note } = options;
  let buckets: Buckets;
  let lastOutcome = performance.now();
  let purged = 0;
  let troubled = false;
  let told = '';
  const tellOnce = (text: string) => {
    if (told !== text) note(text);
    told = text;
  };

  const prepare = async () => {
    buckets = await ensureStreams(cluster, replicas);
  };
  const register = () => registerSweep(cluster, buckets, key, sweep, work);

  const check = async () => {
    const entry = (await readSweeps(buckets.sweeps)).find((known) => known.key === key);
    if (entry?.state === 'cancelled') {
      throw new EdgesweepError('SWEEP_CANCELLED', `sweep ${sweep.name} was cancelled`, {
        got: `${work.total - work.left()} of ${work.total} tasks done`,
        fix: 'give the same command again to go on',
      });
    }
    if (entry?.state === 'paused') return tellOnce(`paused; \`edgesweep resume ${sweep.name}\` goes on`);
    const consumer = await consumerInfo(cluster, key);
    if (entry === undefined || consumer === undefined) {
      // another orchestrator has finished, or the server has lost its store
      await prepare();
      await register();
      await sendMissing();
      return;
    }
    if (consumer.ack_floor.stream_seq > purged) {
      purged = consumer.ack_floor.stream_seq;
      await purgeTasks(cluster, key, purged + 1);
    }
    const quiet = performance.now() - lastOutcome;
    if (quiet > QUIET_MS && nodes.list().length === 0)
      tellOnce('no worker node is there: start some with `edgesweep worker --nats ...`');
    if (consumer.num_pending === 0 && consumer.num_ack_pending === 0 && quiet > QUIET_MS) await sendMissing();
    else if (
      consumer.num_pending > 0 &&
      consumer.num_ack_pending === 0 &&
      quiet > STUCK_MS &&
      nodes.list().length > 0
    ) {
      note('tasks lie on the server and nodes are free, but nothing is delivered: making the consumer anew');
      await removeConsumer(cluster, key);
      await ensureConsumer(cluster, key);
      lastOutcome = performance.now();
    }
  };

  /** Nothing is queued and nothing under way: what is left is on the server as a result, or lost. */
  const sendMissing = async () => {
    await purgeTasks(cluster, key);
    for (const task of work.tasks()) {
      if (signal.aborted) return;
      const subject = SUBJECTS.result(key, task.id);
      const stored = await cluster.jsm.direct.getMessage(STREAMS.results, { last_by_subj: subject });
      const decoded = stored === null ? undefined : decodeOutcome(stored.data, task.id);
      if (decoded?.ok) await options.channel.push({ type: 'outcome', outcome: decoded.value });
      else await enqueueTasks(cluster, key, [task], signal, async () => {}, note);
    }
    lastOutcome = performance.now();
  };

  return {
    prepare,
    register,
    sawOutcome() {
      lastOutcome = performance.now();
    },
    async look() {
      try {
        await check();
        if (troubled) note('the server is back');
        troubled = false;
      } catch (error) {
        if (error instanceof EdgesweepError) throw error;
        if (!troubled && !signal.aborted)
          note(`waiting for the server: ${error instanceof Error ? error.message : String(error)}`);
        troubled = true;
      }
    },
    finish: () => removeSweep(cluster, buckets, key),
  };
}
