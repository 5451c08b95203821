import { counted, duration, roughly } from '../../shared/mod.ts';
import { LIMIT_FLAGS, type Limits } from '../limits.ts';
import type { Expected } from './expected.ts';

/** What a run would do. */
export type Plan = {
  sweep: string;
  directory: string;
  /** Has the directory been used by a run? */
  exists: boolean;
  /** Does another run write to it now? */
  locked: boolean;
  cells: number;
  /** of each cell */
  runs: number;
  tasks: number;
  recorded: number;
  pending: number;
  /** expected multiply-adds of the pending tasks */
  work: number;
  /** of this machine; null where nodes compute */
  threads: number | null;
  engine: string;
  /** of the server; null where this machine computes */
  nodes: { nodes: number; threads: number } | null;
  /** null where `unknown` says why; from a timing, or from the tasks per second of the nodes */
  expected: (Expected & Basis) | null;
  unknown: string | undefined;
};

type Basis =
  /** tasks that were timed, those of them that were not shortened, how long that took, and the share of it that other processes left */
  { timed: number; whole: number; timingSeconds: number; share: number } | { rate: number };

export const NOTHING_TO_DO: Expected & Basis = {
  seconds: 0,
  low: 0,
  high: 0,
  timed: 0,
  whole: 0,
  timingSeconds: 0,
  share: 1,
};

/** Other processes are mentioned that leave less than this share. */
const UNNOTICED = 0.95;

/** @param change how the sweep differs from the one in the directory */
export function describePlan(plan: Plan, change: string | undefined, limits: Limits): string {
  const { sweep, cells, runs, tasks, directory, exists, locked, recorded, pending, work, threads, engine, nodes } =
    plan;
  const crew =
    nodes === null
      ? `${counted(threads ?? 0, 'thread')}, engine ${engine}`
      : `${counted(nodes.nodes, 'worker node')} with ${counted(nodes.threads, 'thread')}`;
  return [
    `${sweep}: ${counted(cells, 'cell')}, ${counted(runs, 'run')} each, ${counted(tasks, 'task')}`,
    `${directory}: ${exists ? `${recorded} recorded` : 'does not exist yet'}, ${pending} to compute`,
    ...(locked ? ['another run writes to this directory now'] : []),
    ...(change === undefined ? [] : [change]),
    `work: about ${work.toExponential(1)} multiply-adds, on ${crew}`,
    `expected time: ${describeTime(plan)}`,
    ...describeLoad(plan),
    ...describeLimits(plan, limits),
    'dry run: nothing was written',
  ].join('\n');
}

function describeTime({ pending, expected, unknown, threads }: Plan): string {
  if (pending === 0) return 'none, every task is recorded';
  if (expected === null) return `unknown: ${unknown}`;
  const { seconds, low, high } = expected;
  if ('rate' in expected) {
    return `about ${roughly(seconds)}, at the ${expected.rate.toPrecision(2)} tasks a second of the last minutes`;
  }
  const { timed, whole, timingSeconds } = expected;
  const range = low === null || high === null ? 'spread unknown' : `${roughly(low)} to ${roughly(high)}`;
  const shortened = timed - whole;
  const which =
    shortened === 0
      ? counted(timed, 'task')
      : whole === 0
        ? counted(timed, 'shortened task')
        : `${counted(timed, 'task')}, ${shortened} of them shortened,`;
  const basis = `from ${which} timed in ${duration(timingSeconds)} on ${counted(threads ?? 1, 'thread')}`;
  return `about ${roughly(seconds)}${whole === pending ? '' : ` (${range})`}, ${basis}`;
}

function describeLoad({ expected }: Plan): string[] {
  if (expected === null || 'rate' in expected || expected.share > UNNOTICED) return [];
  const percent = Math.round(100 * (1 - expected.share));
  const lasting = roughly(expected.seconds / expected.share);
  return [
    `other processes took ${percent} % of the processor time, which is left out: about ${lasting} while they continue`,
  ];
}

function describeLimits({ pending, expected }: Plan, { maxTime, maxTasks }: Limits): string[] {
  return [
    ...(maxTime !== undefined && (expected?.seconds ?? 0) > maxTime
      ? [`${LIMIT_FLAGS.maxTime} would end it after ${duration(maxTime)}`]
      : []),
    ...(maxTasks !== undefined && pending > maxTasks
      ? [`${LIMIT_FLAGS.maxTasks} would end it after ${counted(maxTasks, 'task')}`]
      : []),
  ];
}
