import { describe, expect, it } from 'vitest';
import { ACTIVATIONS, INITIALIZATIONS } from '../../../shared/mod.ts';
import { emptyLayers, initialize } from '../../../worker/engines/mod.ts';
import { networkOf, type Shape } from './support.ts';

const TRIAL = { seed: 3, run: 1, rung: 5, stepSize: 1 };

function layersOf(shape: Shape, trial = TRIAL) {
  const network = networkOf(shape);
  const layers = emptyLayers(network);
  initialize({ network }, trial, layers);
  return layers;
}

const variance = (values: Float32Array): number => values.reduce((sum, w) => sum + w * w, 0) / values.length;
const largest = (values: Float32Array): number => values.reduce((most, w) => Math.max(most, Math.abs(w)), 0);

describe('initial layers', () => {
  it('lead from the inputs over the hidden units to the outputs', () => {
    const sizes = (shape: Shape) => layersOf(shape).map(({ inputs, outputs }) => [inputs, outputs]);
    expect(sizes({ depth: 4, inputs: 3, width: 5, outputs: 2 })).toEqual([
      [3, 5],
      [5, 5],
      [5, 5],
      [5, 2],
    ]);
    expect(sizes({ depth: 2, inputs: 3, width: 5, outputs: 2 })).toEqual([
      [3, 5],
      [5, 2],
    ]);
    expect(sizes({ depth: 1, inputs: 3, width: 5, outputs: 2 })).toEqual([[3, 2]]);
    for (const { inputs, outputs, weights, biases } of layersOf({ depth: 3 })) {
      expect([weights.length, biases.length]).toEqual([inputs * outputs, outputs]);
    }
  });

  /** bound of a uniform distribution or standard deviation of a normal one, for `inputs` 300 and `outputs` 200 */
  const SCALES = {
    'pytorch-default': { bound: 1 / Math.sqrt(300), variance: 1 / 900 },
    'xavier-uniform': { bound: Math.sqrt(6 / 500), variance: 2 / 500 },
    'xavier-normal': { bound: Number.POSITIVE_INFINITY, variance: 2 / 500 },
    'kaiming-uniform': { bound: Math.sqrt(6 / 300), variance: 2 / 300 },
    'kaiming-normal': { bound: Number.POSITIVE_INFINITY, variance: 2 / 300 },
  };

  it.each(INITIALIZATIONS)('%s has the bound and the variance of its definition', (initialization) => {
    const [{ weights, biases }] = layersOf({ initialization, depth: 1, inputs: 300, outputs: 200 });
    const scale = SCALES[initialization];
    const standardErrors = (variance(weights) / scale.variance - 1) / Math.sqrt(2 / weights.length);
    expect(Math.abs(standardErrors)).toBeLessThan(4);
    const mean = weights.reduce((sum, w) => sum + w, 0) / weights.length;
    expect(Math.abs(mean) / Math.sqrt(scale.variance / weights.length)).toBeLessThan(4);
    // one unit in the last place for the rounding to float32
    expect(largest(weights)).toBeLessThanOrEqual(scale.bound * (1 + 2 ** -23));
    if (initialization.endsWith('normal')) expect(largest(weights)).toBeGreaterThan(3.5 * Math.sqrt(scale.variance));
    else expect(largest(weights)).toBeGreaterThan(0.999 * scale.bound);
    if (initialization === 'pytorch-default') {
      expect(largest(biases)).toBeLessThanOrEqual(scale.bound * (1 + 2 ** -23));
      expect(largest(biases)).toBeGreaterThan(0.9 * scale.bound);
    } else {
      expect(largest(biases)).toBe(0);
    }
  });

  it.each(INITIALIZATIONS)('%s is the same for every activation', (initialization) => {
    const reference = layersOf({ initialization, activation: 'linear' });
    for (const activation of ACTIVATIONS) expect(layersOf({ initialization, activation })).toEqual(reference);
  });

  it('zero biases left over from another trial', () => {
    const network = networkOf({ initialization: 'xavier-normal' });
    const layers = emptyLayers(network);
    for (const { biases } of layers) biases.fill(1);
    initialize({ network }, TRIAL, layers);
    for (const { biases } of layers) expect(largest(biases)).toBe(0);
  });

  it('are drawn afresh for every seed, run and rung, and for every layer', () => {
    const all = [TRIAL, { ...TRIAL, seed: 4 }, { ...TRIAL, run: 2 }, { ...TRIAL, rung: 6 }].flatMap((trial) =>
      layersOf({ inputs: 5, width: 5, outputs: 5, depth: 3 }, trial).flatMap(({ weights, biases }) => [
        ...weights,
        ...biases,
      ]),
    );
    expect(new Set(all).size).toBe(all.length);
  });

  it('depend on the trial and the shape alone, not on the step size or on what was drawn before', () => {
    const again = layersOf({}, { ...TRIAL, stepSize: 9 });
    expect(again).toEqual(layersOf({}));
    // the layers before the one that differs are the same for a deeper network
    expect(layersOf({ depth: 4 })[0]).toEqual(layersOf({ depth: 3 })[0]);
  });

  it('differ between distributions only by scale, where both are uniform', () => {
    const [a] = layersOf({ initialization: 'kaiming-uniform', depth: 1 });
    const [b] = layersOf({ initialization: 'pytorch-default', depth: 1 });
    for (const [i, w] of a.weights.entries()) expect(w / b.weights[i]).toBeCloseTo(Math.sqrt(6), 5);
  });
});
