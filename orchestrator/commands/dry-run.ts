import { EXIT, experimentOf, roughly, type SweepEngine } from '../../shared/mod.ts';
import type { ServerOptions } from '../../shared/protocol/mod.ts';
import { type Expansion, expand, type Sweep } from '../../shared/sweep/mod.ts';
import { createPool, requireData, requireEngine, resolveEngine } from '../../worker/mod.ts';
import { growthOf } from '../adaptive/mod.ts';
import type { Place } from '../complete-sweep.ts';
import { isWrittenTo, type Progress, peekSweepDirectory } from '../directory/mod.ts';
import {
  describePlan,
  expectedTime,
  loadsOf,
  NOTHING_TO_DO,
  type Plan,
  scaled,
  timeTasks,
  workLeft,
} from '../estimate/mod.ts';
import type { Limits } from '../limits.ts';
import { threadsFor } from '../options/common.ts';
import type { Context } from './command.ts';

/**
 * Says what `run` would do, and how long it may take. Writes nothing.
 * @throws EdgesweepError what `run` would refuse
 */
export async function dryRun(
  place: Place & Limits & { json: boolean },
  sweep: Sweep,
  context: Context,
): Promise<number> {
  const expansion = expand(sweep);
  const peek = await peekSweepDirectory(place.directory, sweep, expansion, growthOf(sweep, expansion));
  const { done, total } = peek.progress;
  const loads = loadsOf(expansion, peek.progress);
  const base = {
    sweep: sweep.name,
    directory: place.directory,
    exists: peek.exists,
    locked: isWrittenTo(place.directory),
    cells: expansion.cells.length,
    runs: expansion.runs,
    tasks: total,
    recorded: done,
    pending: total - done,
    work: workLeft(loads),
  };
  const note = (text: string) => context.stderr.write(`${text}\n`);
  if (peek.outdated !== undefined) note(peek.outdated);
  const interrupt = context.catchInterrupt();
  try {
    const rest =
      place.server === undefined
        ? await timeHere(place, sweep, expansion, peek.progress, note, interrupt.drain)
        : await askServer(place.server, sweep, expansion, base.pending);
    if (interrupt.drain.aborted) return EXIT.interrupted;
    const plan: Plan = { ...base, ...rest };
    const text = place.json ? JSON.stringify({ event: 'dry-run', ...plan }) : describePlan(plan, peek.change, place);
    context.stdout.write(`${text}\n`);
    return EXIT.done;
  } finally {
    interrupt.release();
  }
}

type Rest = Pick<Plan, 'threads' | 'engine' | 'nodes' | 'expected' | 'unknown'>;

/** What the user calls that which computes. */
const engineNameOf = (sweep: Sweep): string => ('engine' in sweep ? sweep.engine : sweep.experiment);

/** Times some tasks on this machine. */
async function timeHere(
  { threads: wanted, data, programs }: Place,
  sweep: Sweep,
  expansion: Expansion,
  progress: Progress,
  note: (text: string) => void,
  stop: AbortSignal,
): Promise<Rest> {
  const pending = progress.total - progress.done;
  if (experimentOf(sweep).byProgram) {
    const unknown = 'a dry run does not start programs';
    const slots = Math.max(1, Math.min(programs?.slots ?? wanted, pending));
    const there = { threads: slots, engine: engineNameOf(sweep), nodes: null };
    return { ...there, expected: pending === 0 ? NOTHING_TO_DO : null, unknown: pending === 0 ? undefined : unknown };
  }
  const { engine: asked } = sweep as { engine: SweepEngine };
  requireEngine(asked, note);
  requireData(expansion.cells, data);
  const threads = threadsFor(pending, wanted, note);
  // the threads load TensorFlow.js where a task needs it
  const engine = asked === 'tfjs' ? 'simd' : resolveEngine(asked);
  const here = { threads, engine: asked === 'tfjs' ? 'tfjs' : engine, nodes: null };
  if (pending === 0) return { ...here, expected: NOTHING_TO_DO, unknown: undefined };
  const timing = await timeTasks(createPool({ threads, engine, data }), expansion, progress, stop);
  const { timed, startup, recording, seconds, share } = timing;
  if (timed.length === 0) {
    const unknown = `no task ended within ${roughly(startup + seconds)}, not even a shortened one`;
    return { ...here, expected: null, unknown };
  }
  const whole = timed.filter((one) => one.whole).length;
  const expected = scaled(expectedTime(loadsOf(expansion, progress), timed, threads, { startup, recording }), share);
  const basis = { timed: timed.length, whole, timingSeconds: seconds, share };
  return { ...here, expected: { ...expected, ...basis }, unknown: undefined };
}

/** Asks the server which nodes it has. How fast they are is known only while they compute this sweep. */
async function askServer(server: ServerOptions, sweep: Sweep, expansion: Expansion, pending: number): Promise<Rest> {
  // loaded only here: a local run needs nothing of NATS
  const { sweepKey } = await import('../../shared/protocol/mod.ts');
  const { askNodes } = await import('../status/mod.ts');
  const { rate, left, ...nodes } = await askNodes(server, sweepKey(sweep, expansion));
  const there = { threads: null, engine: engineNameOf(sweep), nodes };
  if (pending === 0) return { ...there, expected: NOTHING_TO_DO, unknown: undefined };
  if (rate !== undefined) {
    return {
      ...there,
      expected: { seconds: Math.min(pending, left) / rate, low: null, high: null, rate },
      unknown: undefined,
    };
  }
  const unknown = 'the nodes have not computed this sweep lately; without --nats, tasks are timed on this machine';
  return { ...there, expected: null, unknown };
}
