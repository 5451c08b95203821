import { edgeOf, optimizerLabel } from '../../dist/shared/mod.js';
import { measured, type Training, type Trainings } from '../chapter-3/trajectories.ts';
import { quantile } from './statistics.ts';

/** The trainings of one cell, one for each seed. */
export type Group = { at: Training['at']; name: string; trainings: Training[] };

/** In the order of the sweep. */
export function groups({ trainings }: Trainings): Group[] {
  const found = new Map<string, Group>();
  for (const training of trainings) {
    const name = Object.values(training.at).join(', ');
    const group = found.get(name) ?? { at: training.at, name, trainings: [] };
    group.trainings.push(training);
    found.set(name, group);
  }
  return [...found.values()];
}

/** The trainings of one seed in all cells, seed by seed. */
export function bySeed({ trainings }: Trainings): Training[][] {
  const runs = [...new Set(trainings.map(({ run }) => run))].toSorted((a, b) => a - b);
  return runs.map((run) => trainings.filter((training) => training.run === run));
}

/** Threshold over step size, by the optimiser as tables name it. */
const OVER: ReadonlyMap<string, number> = new Map(
  (
    [
      { kind: 'sgd' },
      { kind: 'momentum', momentum: 0.9 },
      { kind: 'nesterov', momentum: 0.9 },
      { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
      { kind: 'rmsprop', alpha: 0.99, epsilon: 1e-8 },
    ] as const
  ).map((optimizer) => [optimizerLabel(optimizer), edgeOf({ optimizer }).over]),
);

/** The optimiser's edge at a constant step size. */
export function thresholdOf(training: Training, optimizer: string = String(training.at.optimizer ?? 'sgd')): number {
  const over = OVER.get(optimizer);
  if (over === undefined) throw new Error(`no edge of ${optimizer}`);
  return over / training.series.columns.get('step_size')![0];
}

export type Point = { iteration: number; value: number };

/** The first measurement at or above a value, and the last. */
export const firstAbove = (points: readonly Point[], value: number): number | undefined =>
  points.find((point) => point.value >= value)?.iteration;
export const lastAbove = (points: readonly Point[], value: number): number | undefined =>
  points.findLast((point) => point.value >= value)?.iteration;

/** Measurements within iterations, both included. */
export const within = (points: readonly Point[], from: number, to = Number.POSITIVE_INFINITY): Point[] =>
  points.filter(({ iteration }) => iteration >= from && iteration <= to);

export const valuesOf = (points: readonly Point[]): number[] => points.map(({ value }) => value);

/** Where a column is from `SETTLED` iterations after it first reached a threshold, over the threshold. */
export type AtEdge = { from: number; low: number; median: number; high: number; least: number; most: number };
const SETTLED = 100;

/** Undefined where the threshold is not reached, or too late to be looked at. */
export function atEdge(points: readonly Point[], threshold: number): AtEdge | undefined {
  const from = firstAbove(points, threshold);
  if (from === undefined) return undefined;
  const ratios = valuesOf(within(points, from + SETTLED)).map((value) => value / threshold);
  if (ratios.length === 0) return undefined;
  const [least, low, median, high, most] = [0, 0.05, 0.5, 0.95, 1].map((share) => quantile(ratios, share));
  return { from, low, median, high, least, most };
}

/** The value at an iteration, where it was measured. */
export const valueAt = (training: Training, name: string, iteration: number): number =>
  training.series.columns.get(name)?.[iteration - 1] ?? Number.NaN;

export const first = (training: Training, name: string): number => measured(training, name)[0].value;
export const last = (training: Training, name: string): number => measured(training, name).at(-1)!.value;

/** Share of the measurements of the sharpness whose residual met the solver's tolerance. */
export function convergedShare(training: Training, name = 'sharpness_converged'): number {
  const flags = valuesOf(measured(training, name));
  return flags.filter((flag) => flag === 1).length / flags.length;
}
