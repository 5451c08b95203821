import { experimentOf, iterationsOf } from '../../shared/mod.ts';
import { BUCKETS, type Cluster, LARGEST_CHECKPOINT, LONGEST_LOG, STREAMS } from '../../shared/protocol/mod.ts';
import type { Expansion, Sweep } from '../../shared/sweep/mod.ts';

const KB = 2 ** 10;
const MB = 2 ** 20;

/** A task, a result or a failure, with what the server stores beside it: more than most take, in bytes. */
const MESSAGE = 2.5 * KB;
/** Of a series, each iteration and the rest. More columns than most have, in bytes. */
const ITERATION = 256;
const SERIES = 128 * KB;
/** Failures that come with a program's log. */
const MOST_LOGS = 1000;
/** Long tasks under way at once on all nodes. */
const UNDER_WAY = 256;

/** From this share of its limit on, a stream counts as full: a message of the largest size may not fit. */
const FULL = 0.9;

/** Bytes that each stream needs, by its name. */
export type Space = Readonly<Record<string, number>>;

/**
 * What no stream's limit is below, by its name. One full stream stops what goes through it and nothing else: a worker that stores
 * rubbish cannot take the space of the tasks.
 */
const LEAST: Space = {
  [STREAMS.tasks]: 64 * MB,
  [STREAMS.results]: 128 * MB,
  [STREAMS.series]: 256 * MB,
  [STREAMS.failed]: 32 * MB,
  [STREAMS.checkpoints]: 256 * MB,
  [`KV_${BUCKETS.attempts}`]: 32 * MB,
  [`KV_${BUCKETS.sweeps}`]: 4 * MB,
};

/** What a sweep takes. An estimate: while a stream is full, those that write to it wait. */
export function spaceFor(sweep: Sweep, { cells, runs, tasks }: Expansion): Space {
  const { series: hasSeries, byProgram } = experimentOf(sweep);
  const series = hasSeries === undefined ? [] : cells.map((cell) => SERIES + ITERATION * iterationsOf(cell));
  const longest = series.reduce((most, one) => Math.max(most, one), 0);
  return {
    // those that are done stay until all before them are
    [STREAMS.tasks]: MESSAGE * tasks,
    [STREAMS.results]: MESSAGE * tasks,
    [STREAMS.series]: runs * series.reduce((sum, one) => sum + one, 0),
    [STREAMS.failed]: MESSAGE * tasks + (byProgram ? LONGEST_LOG * Math.min(tasks, MOST_LOGS) : 0),
    // each in two places
    [STREAMS.checkpoints]: 2 * Math.min(tasks, UNDER_WAY) * Math.min(2 * longest, LARGEST_CHECKPOINT),
  };
}

/** Limits for a stream in bytes: twice what is there and what comes, then halves of it, never below twice what is there. */
export function limitsFor(name: string, present: number, need: number): number[] {
  const least = Math.max(LEAST[name] ?? 0, 2 * present);
  const limits: number[] = [];
  for (let limit = 2 * Math.ceil(present + need); limit > least; limit = Math.ceil(limit / 2)) limits.push(limit);
  return [...limits, least];
}

/** Streams that hold nearly what they may, in words. */
export async function fullStreams({ jsm }: Cluster): Promise<string[]> {
  const infos = await Promise.all(Object.keys(LEAST).map((name) => jsm.streams.info(name)));
  const full = infos.filter(({ config, state }) => config.max_bytes > 0 && state.bytes > FULL * config.max_bytes);
  const amount = (bytes: number) => (bytes / MB).toFixed(1);
  return full.map(({ config, state }) => `${config.name} has ${amount(state.bytes)} of ${amount(config.max_bytes)} MB`);
}
