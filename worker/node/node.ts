import { setMaxListeners } from 'node:events';
import { join } from 'node:path';
import { jetstream } from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';
import { counted, EdgesweepError, whenAborted } from '../../shared/mod.ts';
import { BUCKETS, type Cluster, disconnect } from '../../shared/protocol/mod.ts';
import { createPool, type Pool } from '../pool.ts';
import { createProgramPool } from '../programs/mod.ts';
import type { Counts, NodeContext, NodeOptions } from './context.ts';
import { keepData } from './data.ts';
import { watchHealth } from './health.ts';
import { startHeartbeats } from './heartbeats.ts';
import { watchIdle } from './idle.ts';
import { Pace } from './pace.ts';
import { keepPrograms } from './programs.ts';
import { selfTest } from './self-test.ts';
import { runSlot } from './slot.ts';
import { type SweepList, watchSweeps } from './sweeps.ts';
import { Turns } from './turns.ts';
import { watchVersions } from './versions.ts';

/** How long the list of sweeps is waited for, in milliseconds: on a new server, what the first run waits for its nodes. */
const LOOK_TIMEOUT_MS = 1000;

export type NodeEnd = { reason: 'asked' | 'idle' | 'time' | 'set-aside' | 'stopped'; done: number; failed: number };

/**
 * A worker node: takes tasks of all running sweeps until it is asked to end. It may die at any moment: what it has not published
 * is delivered to another node.
 * @param interrupt `drain`: finish the tasks under way; `stop`: give them back
 * @param pool computes instead of threads of this process, and is closed at the end: for simulations
 * @throws EdgesweepError NODE_SET_ASIDE when it does not compute what it should
 */
export async function runNode(
  cluster: Cluster,
  options: NodeOptions,
  interrupt: { drain: AbortSignal; stop: AbortSignal },
  note: (text: string) => void,
  pool: Pool = createPool(options),
): Promise<NodeEnd> {
  const { programs } = options;
  const programPool =
    programs &&
    createProgramPool({
      ...programs,
      logs: join(programs.folder, 'logs'),
      folders: options.checkpoints?.folder ?? programs.folder,
    });
  const counts: Counts = { busy: 0, done: 0, failed: 0 };
  const underWay: NodeContext['underWay'] = new Map();
  const test = () => selfTest(pool, options.engine);
  const drain = new AbortController();
  const stop = new AbortController();
  // each slot listens
  setMaxListeners(0, stop.signal);
  let reason = 'asked' as NodeEnd['reason'];
  const endFor = (why: NodeEnd['reason']) => {
    if (drain.signal.aborted) return;
    reason = why;
    drain.abort();
  };
  const timers: NodeJS.Timeout[] = [];
  const versions = watchVersions(note);
  const heartbeats = startHeartbeats(cluster, options, counts, underWay, versions.unreadable);
  try {
    await test();
    void whenAborted(interrupt.drain).then(() => endFor('asked'));
    void whenAborted(interrupt.stop).then(() => stop.abort());
    // an orchestrator makes the buckets: until then nobody answers, and reading is tried again
    const open = (bucket: string, timeout = cluster.timings.answer) =>
      new Kvm(jetstream(cluster.nc, { timeout })).open(bucket, { allow_direct: true });
    const context: NodeContext = {
      options,
      cluster,
      js: cluster.js,
      pool,
      counts,
      underWay,
      pace: new Pace(),
      givenBack: new Map(),
      programPool,
      programs: keepPrograms(
        programs?.allowed ?? [],
        programs?.directory ?? '.',
        programs?.env.PATH ?? '',
        cluster.timings.lookForData,
        note,
      ),
      programNeeds: new Map(),
      data: keepData(cluster, options.data ?? [], note),
      versions,
      attempts: await open(BUCKETS.attempts),
      others: heartbeats.others,
      note,
    };
    const health = watchHealth(context, test);
    const listed = await open(BUCKETS.sweeps, LOOK_TIMEOUT_MS);
    const lists = {
      threads: watchSweeps(context, listed, 'threads'),
      programs: programPool && watchSweeps(context, listed, 'programs'),
    };
    heartbeats.announce('ready');
    const slotsToo = programPool === undefined ? '' : `, ${counted(programPool.slots, 'slot')} for programs`;
    note(`ready: ${counted(options.threads, 'thread')}${slotsToo} at ${cluster.nc.getServer()}`);

    const { maxIdle, maxTime } = options;
    const idle = watchIdle(counts, maxIdle, () => endFor('idle'));
    if (maxTime !== undefined) timers.push(setTimeout(() => endFor('time'), 1000 * maxTime));
    timers.push(...idle.timers);
    void whenAborted(drain.signal).then(() => {
      lists.threads.close();
      lists.programs?.close();
      heartbeats.announce(reason === 'set-aside' ? 'set-aside' : 'draining');
      if (counts.busy > 0)
        note(`finishing ${counted(counts.busy, 'task')} in flight, for at most ${options.drainTimeout} s`);
      timers.push(setTimeout(() => stop.abort(), 1000 * options.drainTimeout));
    });
    // ending the threads rejects their tasks, which then go back to the server
    void whenAborted(stop.signal).then(() => Promise.all([pool.close(), programPool?.close()]));

    const onFault = () => endFor('set-aside');
    const signals = { drain: drain.signal, stop: stop.signal };
    const slotsOf = (sweeps: SweepList, count: number) => {
      const turns = new Turns(count);
      void whenAborted(drain.signal).then(() => turns.close());
      void (async () => {
        while (!drain.signal.aborted) {
          await sweeps.changed();
          turns.look(sweeps.has);
        }
      })();
      return Array.from({ length: count }, () =>
        runSlot(context, sweeps, turns, health, signals, idle.onTask, onFault),
      );
    };
    await Promise.all([
      ...slotsOf(lists.threads, options.threads),
      ...(lists.programs === undefined ? [] : slotsOf(lists.programs, programPool!.slots)),
    ]);
    if (reason === 'set-aside') {
      throw new EdgesweepError(
        'NODE_SET_ASIDE',
        'tasks fail on this node but succeed elsewhere, or its self-test fails: it takes no more tasks',
        {
          where: options.name,
          got: `${counts.done} done, ${counts.failed} failed`,
          fix: 'check the memory and the installation of this machine, then start the node again',
        },
      );
    }
    return { reason: stop.signal.aborted ? 'stopped' : reason, done: counts.done, failed: counts.failed };
  } finally {
    for (const timer of timers) clearTimeout(timer);
    heartbeats.close();
    await Promise.all([pool.close(), programPool?.close()]);
    await disconnect(cluster);
  }
}
