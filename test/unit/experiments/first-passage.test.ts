import { describe, expect, it } from 'vitest';
import type { DataSet } from '../../../orchestrator/experiments/survival/statistics/counts.ts';
import { kolmogorov } from '../../../orchestrator/experiments/survival/statistics/kolmogorov.ts';
import {
  averagePassage,
  momentsOf,
  passage,
  placesOf,
} from '../../../orchestrator/experiments/survival/statistics/passage.ts';
import { Stream } from '../../../shared/random/mod.ts';

const GRID = Array.from({ length: 12 }, (_, i) => 0.5 * 1.12 ** i);
const LADDER = Array.from({ length: 70 }, (_, i) => 0.3 * 1.03 ** i);

const dataSet = (trained: number, diverged: number[]): DataSet => ({
  trained: new Uint32Array(diverged.length).fill(trained),
  diverged: Uint32Array.from(diverged),
});

it('rungs take the probability of the nearest step size, and below the grid none diverges', () => {
  const { segments, rungs } = placesOf([1, 2, 4], [0.1, 0.6, 0.8, 1, 1.5, 2, 2.9, 4, 100]);
  expect(rungs).toBe(9);
  expect(segments).toEqual([
    { index: 0, from: 2, to: 4 },
    { index: 1, from: 4, to: 6 },
    { index: 2, from: 6, to: 9 },
  ]);
});

it('on one data set it is P_k times the product of the survivals before', () => {
  const places = placesOf([1, 2, 4], [1, 2, 4]);
  const law = passage(places, dataSet(10, [1, 5, 8]))!;
  expect([...law]).toEqual([0.1, 0.9 * 0.5, 0.9 * 0.5 * 0.8, 0.9 * 0.5 * 0.2].map((p) => expect.closeTo(p, 12)));
  expect(passage(places, { trained: Uint32Array.of(10, 0, 10), diverged: Uint32Array.of(1, 0, 8) })).toBeUndefined();
});

/** Curves of two kinds of data sets. */
const shareAt = (kind: number, stepSize: number) =>
  1 / (1 + Math.exp(-9 * Math.log(stepSize / (kind === 0 ? 0.9 : 1.3))));
const nearest = (stepSize: number) =>
  GRID.reduce((best, one) => (Math.abs(Math.log(one / stepSize)) < Math.abs(Math.log(best / stepSize)) ? one : best));

/** What a few trainings say of each of so many data sets. */
function observed(sets: number, each: number, stream: Stream): DataSet[] {
  return Array.from({ length: sets }, (_, kind) => {
    const diverged = GRID.map((stepSize) => {
      const p = shareAt(kind % 2, stepSize);
      return Array.from({ length: each }, () => stream.uniform() < p).filter(Boolean).length;
    });
    return dataSet(each, diverged);
  });
}

/** The rung at which a search on a data set of this kind ends, last: none. */
function searched(kind: number, stream: Stream): number {
  const rung = LADDER.findIndex(
    (stepSize) => stepSize >= GRID[0] / Math.sqrt(1.12) && stream.uniform() < shareAt(kind, nearest(stepSize)),
  );
  return rung < 0 ? LADDER.length : rung;
}

it('is unbiased, however few trainings there are, where the power of the shares is not', () => {
  const stream = new Stream({ seed: 1, purpose: 'noise', run: 0 });
  const exact = [0, 1].map((kind) => {
    let alive = 1;
    return LADDER.map((stepSize) => {
      const p = stepSize < GRID[0] / Math.sqrt(1.12) ? 0 : shareAt(kind, nearest(stepSize));
      alive *= 1 - p;
      return alive;
    });
  });
  const places = placesOf(GRID, LADDER);
  const averaged = averagePassage(places, observed(4000, 5, stream))!;
  let alive = 1;
  const survival = LADDER.map((_, k) => {
    alive -= averaged[k];
    return alive;
  });
  const worst = Math.max(...survival.map((value, k) => Math.abs(value - (exact[0][k] + exact[1][k]) / 2)));
  expect(worst).toBeLessThan(0.02);
});

describe('the test of the law', () => {
  const stream = new Stream({ seed: 2, purpose: 'noise', run: 0 });
  const sets = observed(20, 30, stream);
  const places = placesOf(GRID, LADDER);
  const endsOf = (kindOf: (run: number) => number, runs: number) => {
    const ends = new Array<number>(LADDER.length + 1).fill(0);
    for (let run = 0; run < runs; run++) ends[searched(kindOf(run), stream)] += 1;
    return ends;
  };

  it('accepts runs of the same law, and its p is not always large', () => {
    const ps = Array.from(
      { length: 12 },
      () =>
        kolmogorov(
          places,
          sets,
          endsOf((run) => run % 2, 60),
          0,
        )!.p,
    );
    expect(ps.filter((p) => p < 0.05).length).toBeLessThan(3);
    expect(Math.min(...ps)).toBeLessThan(0.7);
  });

  it('rejects runs on data of one kind alone, and the law of the pooled shares', () => {
    expect(
      kolmogorov(
        places,
        sets,
        endsOf(() => 0, 100),
        0,
      )!.p,
    ).toBeLessThan(0.01);
    const pooled = sets.reduce(
      (sum, { diverged }) => sum.map((k, i) => k + diverged[i]),
      GRID.map(() => 0),
    );
    const wrong = [dataSet(600, pooled)];
    expect(
      kolmogorov(
        places,
        wrong,
        endsOf((run) => run % 2, 2000),
        0,
      )!.p,
    ).toBeLessThan(0.01);
  });

  it('depends on the seed alone', () => {
    const ends = endsOf((run) => run % 2, 40);
    expect(kolmogorov(places, sets, ends, 3)).toEqual(kolmogorov(places, sets, ends, 3));
  });
});

it('what no rung ends counts as the last', () => {
  expect(momentsOf(Float64Array.of(0.5, 0, 0.5), [1, 3])).toEqual({ mean: 2, variance: 1 });
});
