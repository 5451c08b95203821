import { describe, expect, it } from 'vitest';
import type { DataSet } from '../../../orchestrator/experiments/survival/statistics/counts.ts';
import { estimate } from '../../../orchestrator/experiments/survival/statistics/estimate.ts';
import { crossing } from '../../../orchestrator/experiments/survival/statistics/isotonic.ts';
import { fitLogistic, stepSizeAt } from '../../../orchestrator/experiments/survival/statistics/logistic.ts';
import { Resampler } from '../../../orchestrator/experiments/survival/statistics/resample.ts';
import { spreadOf } from '../../../orchestrator/experiments/survival/statistics/spread.ts';
import { wilson } from '../../../orchestrator/experiments/survival/statistics/wilson.ts';
import { normalQuantile, Stream } from '../../../shared/random/mod.ts';

const counts = (trained: number[], diverged: number[]): DataSet => ({
  trained: Uint32Array.from(trained),
  diverged: Uint32Array.from(diverged),
});

it("Wilson's interval is that of his formula, and ends at 0 and 1 where no or every trial came true", () => {
  // R: prop.test(10, 100, correct = FALSE), prop.test(3, 7, correct = FALSE)
  expect(wilson(10, 100).low).toBeCloseTo(0.05522914, 7);
  expect(wilson(10, 100).high).toBeCloseTo(0.17436566, 7);
  expect(wilson(3, 7).low).toBeCloseTo(0.15821, 4);
  expect(wilson(0, 20)).toEqual({ low: 0, high: expect.closeTo(0.16113, 4) });
  expect(wilson(20, 20)).toEqual({ low: expect.closeTo(0.83887, 4), high: 1 });
});

describe('the logistic fit', () => {
  it('is that of the textbook', () => {
    // Bliss 1935, beetles by log10 dose of carbon disulphide; Dobson and Barnett: intercept -60.717, slope 34.270 a decade
    const decades = [1.6907, 1.7242, 1.7552, 1.7842, 1.8113, 1.8369, 1.861, 1.8839];
    const fit = fitLogistic(
      decades.map((decade) => 10 ** decade),
      counts([59, 60, 62, 56, 63, 59, 62, 60], [6, 13, 18, 28, 52, 53, 61, 60]),
    );
    if (fit.kind !== 'curve') throw new Error(fit.kind);
    expect(fit.slope * Math.log(10)).toBeCloseTo(34.27, 2);
    expect(Math.log10(stepSizeAt(fit, 0.5))).toBeCloseTo(60.717 / 34.27, 4);
  });

  it('says why there is none, with the bound', () => {
    const kindOf = (diverged: number[], trained = diverged.map(() => 10)) =>
      fitLogistic([1, 2, 4, 8], counts(trained, diverged));
    expect(kindOf([0, 0, 0, 0])).toEqual({ kind: 'never', above: 8 });
    expect(kindOf([0, 0, 0, 3])).toEqual({ kind: 'never', above: 4 });
    expect(kindOf([10, 10, 10, 10])).toEqual({ kind: 'always', below: 1 });
    expect(kindOf([4, 10, 10, 10])).toEqual({ kind: 'always', below: 2 });
    expect(kindOf([0, 0, 10, 10])).toEqual({ kind: 'step', low: 2, high: 4 });
    expect(kindOf([0, 4, 10, 10])).toEqual({ kind: 'step', low: 1, high: 4 });
    expect(kindOf([9, 6, 4, 1])).toEqual({ kind: 'falling' });
    expect(kindOf([0, 3, 0, 0], [0, 10, 0, 0])).toEqual({ kind: 'point' });
    expect(kindOf([0, 0, 0, 0], [0, 0, 0, 0])).toEqual({ kind: 'none' });
    // the step size without trainings is not there
    expect(kindOf([0, 0, 0, 10], [10, 10, 0, 10])).toEqual({ kind: 'step', low: 2, high: 8 });
    expect(kindOf([1, 3, 8, 9])).toMatchObject({ kind: 'curve' });
  });
});

it('the shares alone are read between step sizes, made to rise', () => {
  const at = (share: number) => crossing([1, 2, 4, 8], counts([10, 10, 10, 10], [0, 4, 2, 10]), share);
  expect(at(0.15)).toBeCloseTo(Math.SQRT2, 12);
  expect(at(0.65)).toBeCloseTo(4 * Math.SQRT2, 12);
  expect(crossing([1, 2], counts([4, 4], [2, 4]), 0.4)).toBe(0);
  expect(crossing([1, 2], counts([4, 4], [1, 2]), 0.6)).toBe(Number.POSITIVE_INFINITY);
});

/** Data sets whose own curves lie `between` apart (standard deviation in log), with so many trainings at each step size. */
function simulated(
  sets: number,
  between: number,
  slope: number,
  stepSizes: readonly number[],
  each: number,
): DataSet[] {
  const stream = new Stream({ seed: 5, purpose: 'noise', run: 0 });
  return Array.from({ length: sets }, () => {
    const center = between * normalQuantile(stream.uniform());
    const share = (stepSize: number) => 1 / (1 + Math.exp(-slope * (Math.log(stepSize) - center)));
    const drawn = (p: number) => Array.from({ length: each }, () => stream.uniform() < p).filter(Boolean).length;
    return counts(
      stepSizes.map(() => each),
      stepSizes.map((stepSize) => drawn(share(stepSize))),
    );
  });
}
const LADDER = Array.from({ length: 16 }, (_, i) => 0.4 * 1.13 ** i);

describe('the bootstrap', () => {
  it('depends on the seed alone', () => {
    const sets = simulated(4, 0.1, 12, LADDER, 10);
    const once = estimate(LADDER, sets, 3);
    expect(estimate(LADDER, sets, 3)).toEqual(once);
    expect(estimate(LADDER, sets, 4)).not.toEqual(once);
  });

  it('draws data sets, and trainings within them as often as they are', () => {
    const sets = [counts([20], [5]), counts([20], [20]), counts([20], [0])];
    const resampler = new Resampler(sets, 0);
    let [sum, squares, ofFirst] = [0, 0, 0];
    for (let b = 0; b < 3000; b++) {
      for (const { diverged } of resampler.replicate(b).dataSets) {
        if (diverged[0] === 0 || diverged[0] === 20) continue;
        ofFirst += 1;
        sum += diverged[0];
        squares += diverged[0] ** 2;
      }
    }
    expect(ofFirst / 9000).toBeCloseTo(1 / 3, 1);
    expect(sum / ofFirst).toBeCloseTo(5, 0);
    // n p (1 - p) = 3.75, and next to nothing is left out at 0
    expect(squares / ofFirst - (sum / ofFirst) ** 2).toBeCloseTo(3.75, 0);
  });

  it('widens with the distance between data sets, which more trainings do not narrow', () => {
    const width = (between: number, each: number) => {
      const { low, high } = estimate(LADDER, simulated(20, between, 12, LADDER, each), 0).onCurve.eta50;
      return Math.log(high! / low!);
    };
    expect(width(0, 20)).toBeLessThan(0.03);
    // 2 * 1.96 * 0.2 / sqrt(20)
    const wide = [10, 40].map((each) => width(0.2, each));
    for (const one of wide) expect(one).toBeGreaterThan(0.1);
    expect(wide[1]).toBeLessThan(0.25);
  });
});

it.each([
  [0.2, 12],
  [0.1, 8],
])('the spread between data sets (%d) and within them is found again', (between, slope) => {
  const spread = spreadOf(LADDER, simulated(100, between, slope, LADDER, 12))!;
  expect(Math.sqrt(spread.between) / between).toBeCloseTo(1, 0.7);
  expect(Math.sqrt(spread.within) / (Math.PI / Math.sqrt(3) / slope)).toBeCloseTo(1, 1);
});

it('where every data set is a step, all the spread lies between them', () => {
  const sets = [4, 9, 11, 6, 13].map((at) =>
    counts(
      LADDER.map(() => 10),
      LADDER.map((_, i) => (i < at ? 0 : 10)),
    ),
  );
  const { between, within } = spreadOf(LADDER, sets) ?? { between: 1, within: 0 };
  expect(within / (between + within)).toBeLessThan(0.01);
});
