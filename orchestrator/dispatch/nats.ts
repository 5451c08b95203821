import { setTimeout as sleep } from 'node:timers/promises';
import { JetStreamApiError, type JsMsg } from '@nats-io/jetstream';
import { dataNeeds, EdgesweepError, type Expansion, type Sweep, type Task, taskId } from '../../shared/mod.ts';
import {
  type Cluster,
  decode,
  decodeOutcome,
  failureMessageSchema,
  parseSubject,
  STREAMS,
  SUBJECTS,
  sweepKey,
} from '../../shared/protocol/mod.ts';
import { Channel } from '../cluster/channel.ts';
import { enqueueTasks } from '../cluster/enqueue.ts';
import { type Nodes, watchNodes } from '../cluster/nodes.ts';
import { createReconciler } from '../cluster/reconcile.ts';
import { serverError } from '../cluster/server-error.ts';
import { follow } from '../cluster/tail.ts';
import type { DispatchEvent, Dispatcher, Work } from './dispatcher.ts';

const MOST_AHEAD = 20_000;
/** Events between the server and the journal. */
const MOST_UNTAKEN = 1000;
/** Until a server that does not answer at the start is given up. */
const FIRST_ANSWER_MS = 60_000;
const LOOK_MS = 2000;
const END_MS = 1000;

export type NatsDispatcherOptions = {
  sweep: Sweep;
  expansion: Expansion;
  /** copies of each stream, on a cluster of servers */
  replicas: number;
  /** tasks that lie on the server without an outcome, at most: more would only fill its disk */
  mostAhead?: number;
  note(text: string): void;
};

/**
 * Sends tasks to the worker nodes and follows their results. The server is only a cache: whatever it has lost is sent again, until the
 * journal has all.
 */
export function natsDispatcher(cluster: Cluster, options: NatsDispatcherOptions): Dispatcher {
  const ended = new AbortController();
  const nodes = watchNodes(cluster, options.note);
  return {
    dispatch: (work, drain) => dispatch(cluster, options, nodes, work, AbortSignal.any([drain, ended.signal])),
    get crew() {
      return nodes.summary();
    },
    onDrain:
      'interrupted: the nodes go on with the tasks that they have been sent; the same command collects their results',
    onFailure: `mend the cause, then \`edgesweep retry ${options.sweep.name} --failed\`, and give the same command again`,
    async close() {
      ended.abort();
      nodes.close();
      await cluster.nc.close();
    },
  };
}

async function* dispatch(
  cluster: Cluster,
  { sweep, expansion, replicas, mostAhead = MOST_AHEAD, note }: NatsDispatcherOptions,
  nodes: Nodes,
  work: Work,
  signal: AbortSignal,
): AsyncGenerator<DispatchEvent> {
  if (signal.aborted) return;
  const key = sweepKey(sweep, expansion);
  const channel = new Channel<DispatchEvent>(MOST_UNTAKEN);
  const done = new AbortController();
  const until = AbortSignal.any([signal, done.signal]);
  signal.addEventListener('abort', () => channel.close(), { once: true });
  const needs = dataNeeds(expansion.cells);
  const reconciler = createReconciler({ cluster, key, sweep, replicas, nodes, work, needs, signal: until, note });
  let failure: unknown;
  const guard = (part: Promise<void>) =>
    part.catch((error: unknown) => {
      if (until.aborted) return;
      failure ??= serverError(error);
      channel.close();
    });

  const setAside = new Set<string>();
  let knowSetAside = () => {};
  const setAsideIsKnown = new Promise<void>((resolve) => (knowSetAside = resolve));
  /** What was set aside is not sent again: its failure might be read after a node has it. */
  function* tasksToSend(): Generator<Task> {
    for (const task of work.tasks()) if (!setAside.has(task.id)) yield task;
  }
  /** aborted when what was sent is no longer on the server */
  let pass = new AbortController();
  const send = async (): Promise<void> => {
    await Promise.race([setAsideIsKnown, aborted(until)]);
    for (let again = false; !until.aborted; again = true) {
      pass = new AbortController();
      const passUntil = AbortSignal.any([until, pass.signal]);
      // fewer are left whenever an outcome is recorded, and each task sent is one more on the server
      let ahead = 0;
      const before = work.left();
      const mayGoOn = async () => {
        while (!passUntil.aborted && ahead - (before - work.left()) >= mostAhead) await sleep(20);
        ahead += 1;
        reconciler.sawProgress();
      };
      await enqueueTasks(cluster, key, tasksToSend(), {
        signal: passUntil,
        mayGoOn,
        // the first time, what is recorded already comes by itself, and nodes look for it before they compute
        ...(again && { isRecorded: (task: Task) => collect(cluster, key, task, channel) }),
        note,
      });
      await aborted(passUntil);
    }
  };
  const watch = async (): Promise<void> => {
    let looked = 0;
    while (!until.aborted) {
      if (work.left() === 0) {
        await reconciler.finish();
        return channel.close();
      }
      if (performance.now() - looked >= LOOK_MS) {
        if ((await reconciler.look()) === 'missing') pass.abort();
        looked = performance.now();
      }
      await sleep(20, undefined, { signal: until }).catch(() => {});
    }
  };

  await untilAnswered(reconciler.register, signal, note);
  const parts = [
    guard(followResults(cluster, key, work, channel, until, note, reconciler.sawProgress)),
    guard(followFailures(cluster, key, work, channel, setAside, until, note, knowSetAside)),
    guard(send()),
    guard(watch()),
  ];
  try {
    yield* channel;
  } finally {
    done.abort();
    channel.close();
    // what waits for a server that is away is not waited for
    await Promise.race([Promise.all(parts), sleep(END_MS, undefined, { ref: false })]);
  }
  if (failure !== undefined) throw failure;
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

/** Takes the result of a task from the server, if it is there. */
async function collect(cluster: Cluster, key: string, task: Task, channel: Channel<DispatchEvent>): Promise<boolean> {
  const subject = SUBJECTS.result(key, task.id);
  const stored = await cluster.jsm.direct.getMessage(STREAMS.results, { last_by_subj: subject });
  const decoded = stored === null ? undefined : decodeOutcome(stored.data, task.id);
  if (!decoded?.ok) return false;
  await channel.push({ type: 'outcome', outcome: decoded.value });
  return true;
}

async function followResults(
  cluster: Cluster,
  key: string,
  work: Work,
  channel: Channel<DispatchEvent>,
  signal: AbortSignal,
  note: (text: string) => void,
  sawProgress: () => void,
): Promise<void> {
  await follow(cluster, STREAMS.results, SUBJECTS.result(key, '*'), signal, async (message) => {
    const names = parseSubject(message.subject);
    const decoded = decodeOutcome(message.data, names?.task ?? '');
    if (!decoded.ok) {
      note(`result ${message.subject} cannot be read and is removed: ${decoded.problem}`);
      await cluster.jsm.streams.deleteMessage(STREAMS.results, message.seq).catch(() => false);
      return;
    }
    const { task } = decoded.value;
    if (!work.includes(task)) return note(`result ${message.subject} is of no task of this sweep and is left alone`);
    sawProgress();
    if (!work.isSettled(task)) await channel.push({ type: 'outcome', outcome: decoded.value });
  });
}

async function followFailures(
  cluster: Cluster,
  key: string,
  work: Work,
  channel: Channel<DispatchEvent>,
  setAside: Set<string>,
  signal: AbortSignal,
  note: (text: string) => void,
  onCaughtUp: () => void,
): Promise<void> {
  const handle = async (message: JsMsg): Promise<void> => {
    const decoded = decode(failureMessageSchema, message.data);
    if (!decoded.ok) return note(`message ${message.subject} cannot be read: ${decoded.problem}`);
    const { task, error } = decoded.value;
    if (task === undefined) return note(`message for ${message.subject} was set aside: ${error.message}`);
    if (taskId(task) !== parseSubject(message.subject)?.task || !work.includes(task))
      return note(`message ${message.subject} is of no task of this sweep and is left alone`);
    if (error.code === 'OUTCOMES_DIFFER') {
      throw new EdgesweepError('OUTCOMES_DIFFER', `two nodes computed different results for task ${task.id}`, {
        where: message.subject,
        got: error.message,
        fix: 'one of the machines computes wrongly: find it with `edgesweep verify` on each',
      });
    }
    setAside.add(task.id);
    if (!work.isSettled(task)) await channel.push({ type: 'failure', failure: { task, error } });
  };
  await follow(cluster, STREAMS.failed, SUBJECTS.failed(key, '*'), signal, handle, onCaughtUp);
}

/**
 * Does it again while nobody answers, as when a cluster of servers has just lost one and chooses a leader.
 * @throws EdgesweepError NATS_UNREACHABLE when that takes too long; what else it throws
 */
async function untilAnswered(
  request: () => Promise<void>,
  signal: AbortSignal,
  note: (text: string) => void,
): Promise<void> {
  const deadline = performance.now() + FIRST_ANSWER_MS;
  for (let tries = 0; !signal.aborted; tries++) {
    try {
      return await request();
    } catch (cause) {
      const error = serverError(cause);
      const unavailable = cause instanceof JetStreamApiError && /temporarily unavailable/.test(cause.message);
      const unreachable = error instanceof EdgesweepError && error.code === 'NATS_UNREACHABLE';
      if (!(unavailable || unreachable) || performance.now() > deadline) throw error;
      if (tries === 0) note('waiting for the server to answer');
      await sleep(1000, undefined, { signal }).catch(() => {});
    }
  }
}
