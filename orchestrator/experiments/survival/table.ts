import { type GridValue, keyName, type Outcome } from '../../../shared/mod.ts';
import { type ExpansionOf, horizonsOf, type Stop, type SweepNamed } from '../../../shared/sweep/mod.ts';
import type { TableOptions } from '../../report/mod.ts';
import { refuseStatistics } from '../refuse-statistics.ts';
import { type Curve, collectCurves } from './curves.ts';
import { pooled } from './statistics/counts.ts';
import { type Estimate, estimate } from './statistics/estimate.ts';
import { type Spread, spreadOf } from './statistics/spread.ts';
import { wilson } from './statistics/wilson.ts';

export const STEP_SIZE = 'stepSize';

/** The share of trainings that diverged at a step size, with its Wilson interval; null without trainings. */
export type Point = {
  stepSize: number;
  asked: number;
  trained: number;
  diverged: number;
  share: number | null;
  low: number | null;
  high: number | null;
};

export type SurvivalEntry = Estimate & {
  row: GridValue[];
  steps: number;
  /** what its cells train, see `trainingOf`; undefined where they differ */
  training: string | undefined;
  points: Point[];
  /** data sets with outcomes */
  dataSets: number;
  spread: Spread | null;
  paper: number | null;
  /** why there are no more runs; undefined where their number is fixed */
  stop: Stop | undefined;
};

/** A curve for each combination of the keys' values and each horizon. A function of the sweep and its outcomes alone. */
export type SurvivalTable = {
  name: string;
  title: string;
  source: string | null;
  /** without the step size */
  keys: readonly string[];
  /** whether a row is a step size, not a curve */
  byStepSize: boolean;
  /** several horizons: they are a key of their own */
  horizons: readonly number[];
  entries: SurvivalEntry[];
  runs: SweepNamed<'survival'>['runs'];
  tasks: { done: number; total: number };
};

/**
 * @param outcomes in any order; those that are not of this sweep are passed over
 * @throws EdgesweepError USAGE for a key that does not exist, and for statistics, of which there are none
 */
export async function survivalTable(
  sweep: SweepNamed<'survival'>,
  expansion: ExpansionOf<'survival'>,
  outcomes: Iterable<Outcome> | AsyncIterable<Outcome>,
  { by = [], stat = [] }: TableOptions = {},
): Promise<SurvivalTable> {
  refuseStatistics(stat, 'survival');
  const asked = by.length === 0 ? sweep.table.rows : [...new Set(by)];
  const keys = asked.filter((key) => keyName(key) !== STEP_SIZE);
  const { curves, done } = await collectCurves(sweep, expansion, outcomes, keys);
  const { name, title, source = null, table } = sweep;
  return {
    name,
    title,
    source,
    keys,
    byStepSize: keys.length < asked.length,
    horizons: horizonsOf(sweep),
    entries: curves.map((curve) =>
      entryOf(curve, sweep.seed, (by.length === 0 && table.paper?.[curve.row.join(', ')]) || null),
    ),
    runs: sweep.runs,
    tasks: { done, total: expansion.tasks },
  };
}

function entryOf(
  { row, steps, training, stepSizes, dataSets, asked, stop }: Curve,
  seed: number,
  paper: number | null,
): SurvivalEntry {
  const { trained, diverged } = pooled(dataSets, stepSizes.length);
  const points = stepSizes.map((stepSize, i): Point => {
    const counts = { stepSize, asked: asked[i], trained: trained[i], diverged: diverged[i] };
    if (trained[i] === 0) return { ...counts, share: null, low: null, high: null };
    return { ...counts, share: diverged[i] / trained[i], ...wilson(diverged[i], trained[i]) };
  });
  return {
    row,
    steps,
    training,
    points,
    dataSets: dataSets.length,
    ...estimate(stepSizes, dataSets, seed),
    spread: spreadOf(stepSizes, dataSets) ?? null,
    paper,
    stop,
  };
}
