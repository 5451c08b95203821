import type { DataSet } from './counts.ts';

/** The rungs of a ladder whose nearest step size of the grid, in log, is the same. */
type Segment = { index: number; from: number; to: number };

/** Where on a grid the rungs of a ladder lie. Rungs more than half a step below the grid are taken for ones at which nothing diverges. */
export type Places = { rungs: number; segments: Segment[] };

/** @param stepSizes of the grid, ascending @param ladder step sizes of the rungs, ascending */
export function placesOf(stepSizes: readonly number[], ladder: readonly number[]): Places {
  const borders = stepSizes.map((stepSize, i) =>
    i > 0 ? Math.sqrt(stepSize * stepSizes[i - 1]) : stepSize * Math.sqrt(stepSize / (stepSizes[1] ?? stepSize)),
  );
  const segments: Segment[] = [];
  let rung = ladder.findIndex((stepSize) => stepSize >= borders[0]);
  if (rung < 0) return { rungs: ladder.length, segments };
  for (let index = 0; index < stepSizes.length; index++) {
    const from = rung;
    const end = borders[index + 1] ?? Number.POSITIVE_INFINITY;
    while (rung < ladder.length && ladder[rung] < end) rung++;
    if (rung > from) segments.push({ index, from, to: rung });
  }
  return { rungs: ladder.length, segments };
}

/**
 * The distribution of the rung at which Algorithm 2 ends on one data set, Pr(k) = P_k prod_{j<k} (1 - P_j): each rung is a training of its
 * own. Last comes the probability that no rung ends it.
 *
 * Of n trainings at a step size s survived. That i rungs near it are all survived has the probability (1 - P)^i, of which
 * s (s - 1) ... (s - i + 1) / (n (n - 1) ... (n - i + 1)) is the unbiased estimate; the power (s / n)^i is too large on the average.
 * Trainings at two step sizes are independent, so the product is unbiased too. For i > n the power continues.
 *
 * @param exact takes the shares for the probabilities: the law of a world in which they are
 * @returns undefined where a step size that is needed has no trainings
 */
export function passage(
  { rungs, segments }: Places,
  { trained, diverged }: DataSet,
  exact = false,
): Float64Array | undefined {
  const law = new Float64Array(rungs + 1);
  let alive = 1;
  for (const { index, from, to } of segments) {
    const n = trained[index];
    if (n === 0) return undefined;
    const survived = n - diverged[index];
    for (let rung = from; rung < to; rung++) {
      const i = rung - from;
      const rate = i < n && !exact ? Math.max(0, survived - i) / (n - i) : survived / n;
      law[rung] = alive * (1 - rate);
      alive *= rate;
    }
    if (alive === 0) return law;
  }
  law[rungs] = alive;
  return law;
}

/** The average over data sets. @param exact as of `passage` @returns undefined where all of them lack trainings */
export function averagePassage(places: Places, dataSets: readonly DataSet[], exact = false): Float64Array | undefined {
  const laws = dataSets.flatMap((dataSet) => passage(places, dataSet, exact) ?? []);
  if (laws.length === 0) return undefined;
  const sum = new Float64Array(places.rungs + 1);
  for (const law of laws) for (let k = 0; k < law.length; k++) sum[k] += law[k];
  return sum.map((value) => value / laws.length);
}

/** Mean and variance of the values under a law; the values are as many as its rungs, and what no rung ends counts as the last. */
export function momentsOf(law: Float64Array, values: readonly number[]): { mean: number; variance: number } {
  const valueAt = (k: number) => values[Math.min(k, values.length - 1)];
  const origin = values[0];
  let [mean, square] = [0, 0];
  law.forEach((p, k) => {
    mean += p * (valueAt(k) - origin);
  });
  law.forEach((p, k) => {
    square += p * (valueAt(k) - origin - mean) ** 2;
  });
  return { mean: origin + mean, variance: square };
}
