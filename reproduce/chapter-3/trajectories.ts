import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeSeries, type Series, type TrajectoryResult } from '../../dist/shared/mod.js';
import { PROGRAM } from '../sweep.ts';

/** One training of a sweep: what its table says, and its series. */
export type Training = {
  /** values of the keys that vary, such as {activation: 'tanh'} */
  at: Record<string, string | number>;
  run: number;
  result: TrajectoryResult;
  series: Series;
  /** number of weight matrices */
  depth: number;
};

export type Trainings = { title: string; trainings: Training[]; folder: string };

type Json = {
  title: string;
  entries: { task: string; row: Record<string, string | number>; run: number; result: TrajectoryResult | null }[];
};

/** Runs a shipped sweep of trajectories with the built program, and draws its figure; or says why it could not be run. */
export async function runTrajectories(
  folder: string,
  sweep: string,
  more: readonly string[] = [],
): Promise<Trainings | string> {
  const out = join(folder, sweep);
  const ended = spawnSync(process.execPath, [PROGRAM, 'run', sweep, '--out', out, '--quiet', ...more], {
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
  });
  if (ended.status !== 0) return ended.stderr.trim().split('\n')[0];
  spawnSync(process.execPath, [PROGRAM, 'plot', out], { stdio: ['ignore', 'ignore', 'inherit'] });
  return readTrajectories(out);
}

/** What a finished sweep directory holds. */
export async function readTrajectories(out: string): Promise<Trainings> {
  const { title, entries } = JSON.parse(readFileSync(join(out, 'table.json'), 'utf8')) as Json;
  const trainings = await Promise.all(
    entries.map(async ({ task, row, run, result }): Promise<Training> => {
      if (result === null) throw new Error(`${out}: a task is not done`);
      const series = await decodeSeries(readFileSync(join(out, 'series', `${task}.parquet`)));
      const depth = [...series.columns.keys()].filter((name) => /^gradient_norm_layer_\d+$/.test(name)).length;
      return { at: row, run, result, series, depth };
    }),
  );
  return { title, trainings, folder: out };
}

/** The trainings as they were after a share of their iterations; what the tables say of the end of them is not changed. */
export function firstPart(results: Trainings, share: number): Trainings {
  const trainings = results.trainings.map((training): Training => {
    const { series, result } = training;
    const rows = Math.ceil(series.rows * share);
    const columns = new Map([...series.columns].map(([name, column]) => [name, column.subarray(0, rows)]));
    const { divergence } = result;
    const isOver = divergence !== null && divergence.iteration <= rows;
    return {
      ...training,
      series: { ...series, rows, columns },
      result: { ...result, divergence: isOver ? divergence : null },
    };
  });
  return { ...results, trainings };
}

/** The training at this value of a key. */
export function at({ trainings }: Trainings, value: string | number): Training {
  const found = trainings.find((training) => Object.values(training.at).includes(value));
  if (found === undefined) throw new Error(`no training at ${value}`);
  return found;
}

/** Values of a column with their iterations, where there is one. */
export function measured(
  { series: { columns, rows } }: Training,
  name: string,
): { iteration: number; value: number }[] {
  const column = columns.get(name);
  if (column === undefined) return [];
  const found = [];
  for (let row = 0; row < rows; row++) {
    if (Number.isFinite(column[row])) found.push({ iteration: row + 1, value: column[row] });
  }
  return found;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Median of a column over the iterations from one share of the training to another. */
export function medianOver(training: Training, name: string, from: number, to: number): number {
  const { rows } = training.series;
  const within = measured(training, name).filter(({ iteration }) => iteration > from * rows && iteration <= to * rows);
  return median(within.map(({ value }) => value));
}

/** Over the last fifth. */
export const plateau = (training: Training, name = 'sharpness'): number => medianOver(training, name, 0.8, 1);

export const layersOf = ({ depth }: Training, name = 'sharpness'): string[] =>
  Array.from({ length: depth }, (_, l) => `${name}_layer_${l + 1}`);

/** 2 / step size, of a constant one. */
export const edgeOf = (training: Training): number => 2 / training.series.columns.get('step_size')![0];

/** The iteration of the first measurement of sharpness at 2 / step size or above; undefined when there is none. */
export function reached(training: Training): number | undefined {
  const edge = edgeOf(training);
  return measured(training, 'sharpness').find(({ value }) => value >= edge)?.iteration;
}
