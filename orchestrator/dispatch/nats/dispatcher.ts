import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { dataNeeds, type Task, whenAborted } from '../../../shared/mod.ts';
import { type Cluster, sweepKey } from '../../../shared/protocol/mod.ts';
import type { Expansion, Sweep } from '../../../shared/sweep/mod.ts';
import type { Pool } from '../../../worker/mod.ts';
import { type Audit, NO_AUDIT } from '../../audit.ts';
import { type Nodes, watchNodes } from '../../cluster/nodes.ts';
import { serverError } from '../../cluster/server-error.ts';
import { spaceFor } from '../../cluster/space.ts';
import type { Work } from '../../work.ts';
import type { DispatchEvent, Dispatcher } from '../dispatcher.ts';
import { watchAdvances } from './advances.ts';
import { Channel } from './channel.ts';
import { watchDisputes } from './disputes.ts';
import { followFailures } from './failures.ts';
import { createCompleter } from './files.ts';
import type { Arrival, Dispatching } from './part.ts';
import { createReconciler } from './reconcile.ts';
import { Refusals } from './refusals.ts';
import { followResults } from './results.ts';
import { createScreen } from './screen.ts';
import { createSender } from './send.ts';
import { untilAnswered } from './until-answered.ts';

const MOST_AHEAD = 20_000;
/** Events between the server and the journal. */
const MOST_UNTAKEN = 1000;
const END_MS = 1000;

export type NatsDispatcherOptions = {
  sweep: Sweep;
  expansion: Expansion;
  /** number of replicas of each stream, on a cluster of servers */
  replicas: number;
  /** tasks that lie on the server without an outcome, at most: more would only fill its disk */
  mostAhead?: number;
  /** threads of this machine, to decide what nodes disagree on */
  makePool(): Pool;
  /** default: none */
  audit?: Audit;
  /** the only keys of nodes whose results are taken; undefined: those of any node */
  trusted?: ReadonlySet<string> | undefined;
  note(text: string): void;
};

/**
 * Sends tasks to the worker nodes and follows their results. The server is only a cache: whatever it has lost is sent again, until the
 * journal has all.
 */
export function natsDispatcher(cluster: Cluster, options: NatsDispatcherOptions): Dispatcher {
  const ended = new AbortController();
  const key = sweepKey(options.sweep, options.expansion);
  const nodes = watchNodes(cluster, options.note, key);
  return {
    dispatch: (work, drain) =>
      dispatch(cluster, { ...options, key }, nodes, work, AbortSignal.any([drain, ended.signal])),
    get crew() {
      return nodes.summary();
    },
    onDrain:
      'interrupted: the nodes continue with the tasks they have; rerun the same command to collect their results',
    onFailure: `fix the cause, run \`edgesweep retry ${options.sweep.name} --failed\`, then rerun the same command`,
    async close() {
      ended.abort();
      nodes.close();
      await cluster.nc.close();
    },
  };
}

async function* dispatch(
  cluster: Cluster,
  {
    sweep,
    expansion,
    replicas,
    mostAhead = MOST_AHEAD,
    makePool,
    audit = NO_AUDIT,
    trusted,
    note,
    key,
  }: NatsDispatcherOptions & { key: string },
  nodes: Nodes,
  work: Work,
  stop: AbortSignal,
): AsyncGenerator<DispatchEvent> {
  if (stop.aborted) return;
  const channel = new Channel<Arrival>(MOST_UNTAKEN);
  const done = new AbortController();
  const signal = AbortSignal.any([stop, done.signal]);
  // whatever waits for the server, or waits to send a task again, listens to it
  setMaxListeners(0, signal);
  signal.addEventListener('abort', () => channel.close(), { once: true });
  const needs = dataNeeds(expansion.cells);
  const refusals = new Refusals(audit.setAside);
  const space = spaceFor(sweep, expansion);
  const reconciler = createReconciler({
    cluster,
    key,
    sweep,
    expansion,
    replicas,
    space,
    nodes,
    work,
    needs,
    refusals,
    signal,
    note,
  });
  const dispatching: Dispatching = { cluster, key, work, channel, signal, note, sawProgress: reconciler.sawProgress };
  let failure: unknown;
  const guard = (part: Promise<void>) =>
    part.catch((error: unknown) => {
      if (signal.aborted) return;
      failure = serverError(error);
      done.abort();
    });

  const advances = watchAdvances(dispatching, nodes);
  let pool: Pool | undefined;
  const ownPool = () => (pool ??= makePool());
  const screen = createScreen(dispatching, nodes, {
    audit,
    trusted,
    refusals,
    tellRefused: reconciler.tellRefused,
    pool: ownPool,
    onLeft(tasks) {
      disputes.forget(tasks);
      sender.again();
    },
  });
  const disputes = watchDisputes(dispatching, ownPool, screen.accuse);
  const setAside = new Set<string>();
  let knowSetAside = () => {};
  const setAsideIsKnown = new Promise<void>((resolve) => (knowSetAside = resolve));
  /** What was set aside is not sent again: its failure might be read after a node has it. */
  function* tasksToSend(): Generator<Task> {
    for (const task of work.tasks()) {
      if (setAside.has(task.id)) continue;
      advances.sent(task);
      yield task;
    }
  }
  const sender = createSender(dispatching, tasksToSend, mostAhead);
  const watch = async (): Promise<void> => {
    let looked = 0;
    while (!signal.aborted) {
      if (work.left() === 0 && disputes.areDecided() && screen.isIdle()) {
        await reconciler.finish();
        return channel.close();
      }
      if (performance.now() - looked >= cluster.timings.look) {
        if ((await reconciler.look()) === 'missing') sender.again();
        looked = performance.now();
      }
      await sleep(20, undefined, { signal }).catch(() => {});
    }
  };

  await untilAnswered(cluster, reconciler.register, stop, note);
  // what nodes disagree on is known before results are taken
  const failuresAreKnown = Promise.race([setAsideIsKnown, whenAborted(signal)]);
  const parts = [
    guard(followFailures(dispatching, disputes, setAside, knowSetAside)),
    guard(failuresAreKnown.then(() => followResults(dispatching))),
    guard(failuresAreKnown.then(sender.send)),
    guard(watch()),
  ];
  const complete = createCompleter(dispatching);
  try {
    for await (const arrival of channel) {
      if (arrival.type === 'progress') {
        if (advances.isUnderWay(arrival)) yield arrival;
        continue;
      }
      if (arrival.type === 'outcome' && disputes.has(arrival.outcome.task)) continue;
      const isScreened = arrival.type === 'outcome' || arrival.type === 'audited';
      const taken = isScreened ? await screen.take(arrival) : arrival;
      const end = taken && (await complete(taken));
      if (end === undefined) continue;
      advances.ended(end.type === 'outcome' ? end.outcome.task : end.failure.task);
      yield end;
    }
  } finally {
    done.abort();
    advances.close();
    screen.close();
    void pool?.close();
    channel.close();
    // what waits for a server that is away is not waited for
    await Promise.race([Promise.all(parts), sleep(END_MS, undefined, { ref: false })]);
  }
  if (failure !== undefined) throw failure;
  disputes.requireAgreement();
}
