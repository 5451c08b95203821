import { studentQuantile } from '../statistics.ts';
import { type CellLoad, workLeft } from './load.ts';

/** One timed task of a cell. */
export type Timed = {
  cell: number;
  /** it was a pending task, and no shortened one */
  whole: boolean;
  seconds: number;
  /** from when it was handed to its thread to when its result was there, without those */
  waited: number;
  /** per multiply-add that was expected of a whole task, or that a shortened one took */
  perUnit: number;
};

/** Seconds; from `low` to `high` is a 95 % interval of the sampling alone, and null where nothing tells the spread. */
export type Expected = { seconds: number; low: number | null; high: number | null };

/** So many tasks per thread keep all threads busy nearly to the end. */
const MANY = 50;

/**
 * The time that the pending tasks take on so many threads. A cell that was timed has its own mean per multiply-add, any other that of all.
 * Besides its training, a task waits on its way to a thread and back, and the main thread records it.
 * @param timed at least one
 * @param startup seconds until a thread computes
 * @param recording seconds in which the main thread records an outcome, which all tasks share
 */
export function expectedTime(
  loads: readonly CellLoad[],
  timed: readonly Timed[],
  threads: number,
  { startup, recording }: { startup: number; recording: number },
): Expected {
  // other processes delay some of them for long, in a timing more than in a run, which is longer
  const waited = median(timed.map((one) => one.waited));
  const overall = meanAndVariance(timed.map(({ perUnit }) => perUnit));
  const byCell = new Map<number, number[]>();
  for (const { cell, perUnit } of timed) byCell.set(cell, [...(byCell.get(cell) ?? []), perUnit]);
  const each = loads.map(({ index, pending, cost }) => {
    const own = byCell.get(index);
    if (own === undefined) return { pending, weight: pending * cost, seconds: cost * overall.mean, known: undefined };
    const { mean, variance } = meanAndVariance(own);
    // of a single one the spread is that of all
    const known = (own.length > 1 ? variance : overall.variance) / own.length;
    return { pending, weight: pending * cost, seconds: cost * mean, known };
  });
  const total = each.reduce((sum, { pending, seconds }) => sum + pending * seconds, 0);
  const pending = loads.reduce((sum, load) => sum + load.pending, 0);
  const inThreads = each.map((one) => ({ ...one, seconds: one.seconds + waited }));
  const seconds = startup + makespan(inThreads, threads) + pending * recording;
  const whole = timed.filter((one) => one.whole).length;
  if (whole === pending) return { seconds, low: seconds, high: seconds };
  if (timed.length === 1) return { seconds, low: null, high: null };
  const untimed = workLeft(loads.filter(({ index }) => !byCell.has(index)));
  const variance =
    each.reduce((sum, { weight, known = 0 }) => sum + weight ** 2 * known, 0) +
    (untimed ** 2 * overall.variance) / timed.length;
  // relative to the sum over the threads; the longest task and the start are stretched with it
  const spread = Math.min((studentQuantile(timed.length - 1) * Math.sqrt(variance)) / total, 1e6);
  const fastest = Math.min(...timed.map(({ perUnit }) => perUnit));
  const least = Math.max(1 - spread, (fastest * workLeft(loads)) / total);
  return { seconds, low: seconds * Math.min(1, least), high: seconds * (1 + spread) };
}

/** That share of it. */
export const scaled = ({ seconds, low, high }: Expected, share: number): Expected => ({
  seconds: share * seconds,
  low: low && share * low,
  high: high && share * high,
});

/** The time from the first start to the last end, with the longest tasks first. */
function makespan(loads: readonly { pending: number; seconds: number }[], threads: number): number {
  const total = loads.reduce((sum, { pending, seconds }) => sum + pending * seconds, 0);
  const tasks = loads.reduce((sum, { pending }) => sum + pending, 0);
  // of as many cells as a sweep may have, which are too many for arguments
  const longest = loads.reduce((most, { seconds }) => Math.max(most, seconds), 0);
  if (tasks > MANY * threads) return Math.max(total / threads, longest);
  const ends = new Array<number>(threads).fill(0);
  for (const { pending, seconds } of loads) {
    for (let run = 0; run < pending; run++) ends[ends.indexOf(Math.min(...ends))] += seconds;
  }
  return Math.max(...ends);
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1];

/** Of a single value the variance is unknown, and 0 here. */
function meanAndVariance(values: readonly number[]): { mean: number; variance: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  if (values.length === 1) return { mean, variance: 0 };
  return { mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1) };
}
