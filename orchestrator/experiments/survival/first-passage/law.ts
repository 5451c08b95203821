import { type GridValue, type Search, stepSizesOf } from '../../../../shared/mod.ts';
import { histogramOf, type Moments, moments } from '../../../statistics.ts';
import type { Curve } from '../curves.ts';
import type { SearchRuns } from '../searches.ts';
import { type DataSet, pooled } from '../statistics/counts.ts';
import { kolmogorov } from '../statistics/kolmogorov.ts';
import { averagePassage, momentsOf, passage, placesOf } from '../statistics/passage.ts';
import { Resampler } from '../statistics/resample.ts';

const REPLICATES = 200;
/** Replicates of the trainings of a data set, for the error of its mean. */
const INNER_REPLICATES = 20;

/** What a curve says of where Algorithm 2 ends on a ladder. */
export type Prediction = {
  mean: number;
  /** 95 % interval of the mean, by the bootstrap over data sets, then initialisations: the mean less the percentiles of its error */
  low: number | null;
  high: number | null;
  sd: number;
  median: number;
  /** probability that no rung ends the search */
  unended: number;
  /** of the variance of the log step size, the share between data sets */
  dataShare: number | null;
};

/** Runs beside it. */
export type Measured = { name: string; seed: number; n: number; distance: number; p: number } & Moments;

export type LawEntry = {
  row: GridValue[];
  /** the share jumps by more than half between two step sizes of the grid: what lies between them is not known */
  coarse: boolean;
  search: Pick<Search, 'initialStepSize' | 'growth'>;
  /** null where the curve lacks trainings */
  prediction: Prediction | null;
  measured: Measured | null;
};

export function lawEntry(curve: Curve, search: Search, runs: SearchRuns | undefined, seed: number): LawEntry {
  const { row, stepSizes, dataSets } = curve;
  const ladder = [...stepSizesOf(search)];
  const places = placesOf(stepSizes, ladder);
  const { initialStepSize, growth } = search;
  const coarse = jumps(curve);
  const entry = { row, coarse, search: { initialStepSize, growth }, prediction: null, measured: null };
  const law = averagePassage(places, dataSets);
  if (law === undefined) return entry;
  const results = runs?.results ?? [];
  if (runs === undefined || results.length === 0) return { ...entry, prediction: predict(curve, ladder, law, seed) };
  const ends = new Array<number>(ladder.length + 1).fill(0);
  for (const { rung, end } of results) ends[end === 'diverged' ? rung : ladder.length] += 1;
  const { distance, p } = kolmogorov(places, dataSets, ends, seed)!;
  const measured = {
    name: runs.name,
    seed: runs.seed,
    n: results.length,
    ...moments(histogramOf(results.map(({ stepSize }) => stepSize))),
    distance,
    p,
  };
  return { ...entry, prediction: predict(curve, ladder, law, seed), measured };
}

/** Does the share rise by more than half from one step size to the next? */
function jumps({ stepSizes, dataSets }: Curve): boolean {
  const { trained, diverged } = pooled(dataSets, stepSizes.length);
  const shares = stepSizes.flatMap((_, i) => (trained[i] === 0 ? [] : [diverged[i] / trained[i]]));
  return shares.some((share, i) => i > 0 && share - shares[i - 1] > 0.5);
}

function predict(
  { stepSizes, dataSets }: Curve,
  ladder: readonly number[],
  law: Float64Array,
  seed: number,
): Prediction {
  const places = placesOf(stepSizes, ladder);
  const { mean, variance } = momentsOf(law, ladder);
  const resampler = new Resampler(dataSets, seed);
  const meanOf = (sets: readonly DataSet[], exact = false) =>
    momentsOf(averagePassage(places, sets, exact)!, ladder).mean;
  const replicates = dataSets.length < 2 ? 0 : REPLICATES;
  // errors of the mean in a world in which the shares are the probabilities
  const truth = meanOf(dataSets, true);
  const errors = Array.from({ length: replicates }, (_, b) => meanOf(resampler.replicate(b).dataSets) - truth).sort(
    (a, b) => a - b,
  );
  const errorAt = (share: number) => errors[Math.round(share * (replicates - 1))];
  return {
    mean,
    low: replicates === 0 ? null : mean - errorAt(0.975),
    high: replicates === 0 ? null : mean - errorAt(0.025),
    sd: Math.sqrt(variance),
    median: ladder[Math.min(medianOf(law), ladder.length - 1)],
    unended: law[law.length - 1],
    dataShare: dataShareOf(places, dataSets, ladder, seed),
  };
}

function medianOf(law: Float64Array): number {
  let passed = 0;
  return law.findIndex((p) => {
    passed += p;
    return passed >= 0.5;
  });
}

/**
 * Of the variance of log step size at the first passage, the share between data sets: the variance of the means of the data sets, less
 * what their own errors contribute (by drawing the trainings of each anew), over it and the mean variance within.
 */
function dataShareOf(
  places: ReturnType<typeof placesOf>,
  dataSets: Curve['dataSets'],
  ladder: readonly number[],
  seed: number,
): number | null {
  const logs = ladder.map((stepSize) => Math.log(stepSize));
  const each = dataSets.flatMap((dataSet) => {
    const law = passage(places, dataSet);
    if (law === undefined) return [];
    const resampler = new Resampler([dataSet], seed);
    const again = Array.from({ length: INNER_REPLICATES }, (_, b) =>
      momentsOf(passage(places, resampler.replicate(b).dataSets[0])!, logs),
    );
    return [{ ...momentsOf(law, logs), error: varianceOf(again.map(({ mean }) => mean)) }];
  });
  if (each.length < 2) return null;
  const average = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const error = average(each.map((one) => one.error));
  const between = Math.max(0, varianceOf(each.map(({ mean }) => mean)) - error);
  // the square of a mean with an error is too large by the error
  const within = average(each.map(({ variance }) => variance)) + error;
  return between + within === 0 ? null : between / (between + within);
}

function varianceOf(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
}
