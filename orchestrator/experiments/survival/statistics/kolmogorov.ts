import type { DataSet } from './counts.ts';
import { averagePassage, type Places } from './passage.ts';
import { Resampler } from './resample.ts';

const REPLICATES = 499;

/**
 * Do runs of Algorithm 2 end at rungs by this law? D is the largest difference of the two distribution functions (Kolmogorov and Smirnov).
 * Both are estimates on few data sets and of few rungs, so the distribution of D is simulated: a replicate draws data sets and
 * trainings anew for the law, and as many runs as there are from the law of the world that they are drawn from.
 *
 * @param ends how many runs ended at each rung, last those that none ended
 * @returns D, and the share of replicates whose D is as large, (1 + count) / (1 + replicates)
 */
export function kolmogorov(
  places: Places,
  dataSets: readonly DataSet[],
  ends: readonly number[],
  seed: number,
): { distance: number; p: number } | undefined {
  const law = averagePassage(places, dataSets);
  if (law === undefined) return undefined;
  const runs = ends.reduce((sum, count) => sum + count, 0);
  const distance = largestDifference(law, ends, runs);
  const resampler = new Resampler(dataSets, seed);
  const cumulative = cumulated(averagePassage(places, dataSets, true)!);
  let asLarge = 0;
  for (let b = 0; b < REPLICATES; b++) {
    const { dataSets: drawn, stream } = resampler.replicate(b);
    const other = averagePassage(places, drawn)!;
    const simulated = new Array<number>(law.length).fill(0);
    for (let run = 0; run < runs; run++) simulated[firstAbove(cumulative, stream.uniform())] += 1;
    // as large, up to rounding: distributions on few rungs have ties
    if (largestDifference(other, simulated, runs) >= distance - 1e-12) asLarge += 1;
  }
  return { distance, p: (1 + asLarge) / (1 + REPLICATES) };
}

function largestDifference(law: Float64Array, counts: readonly number[], n: number): number {
  let [expected, found, most] = [0, 0, 0];
  for (let k = 0; k < law.length; k++) {
    expected += law[k];
    found += counts[k] / n;
    most = Math.max(most, Math.abs(expected - found));
  }
  return most;
}

function cumulated(law: Float64Array): Float64Array {
  let sum = 0;
  return law.map((p) => {
    sum += p;
    return sum;
  });
}

/** The first index whose value is above it; the last where rounding leaves none. */
function firstAbove(cumulative: Float64Array, uniform: number): number {
  let [low, high] = [0, cumulative.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (cumulative[middle] > uniform) high = middle;
    else low = middle + 1;
  }
  return low;
}
