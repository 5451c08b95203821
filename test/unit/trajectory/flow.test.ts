import { describe, expect, it } from 'vitest';
import { followCentralFlow } from '../../../worker/experiments/trajectory/flow/central-flow.ts';
import { followFlow } from '../../../worker/experiments/trajectory/flow/gradient-flow.ts';
import { type Field, rungeKutta } from '../../../worker/experiments/trajectory/flow/runge-kutta.ts';

/** x'' = -x as two equations: a circle in time 2 pi. */
const circle: Field = ([x, y], slope) => slope.set([y, -x]);

describe('the Runge-Kutta method', () => {
  it('is of order 4: half the step, a sixteenth of the error', () => {
    const errors = [20, 40, 80].map((steps) => {
      const w = Float64Array.of(1, 0);
      for (let i = 0; i < steps; i++) rungeKutta(circle, w, 1 / steps);
      return Math.hypot(w[0] - Math.cos(1), w[1] + Math.sin(1));
    });
    expect(errors[0] / errors[1]).toBeCloseTo(16, -0.5);
    expect(errors[1] / errors[2]).toBeCloseTo(16, -0.5);
    expect(errors[0]).toBeLessThan(1e-7);
  });

  it('multiplies a linear decay by the first five terms of the exponential', () => {
    const w = Float64Array.of(3);
    rungeKutta(([x], slope) => slope.set([-2 * x]), w, 0.5);
    expect(w[0]).toBeCloseTo(3 * (1 - 1 + 1 / 2 - 1 / 6 + 1 / 24), 14);
  });
});

describe('gradient flow', () => {
  const curvatures = [10, 3, 0.1];
  const decay: Field = (w, slope) => slope.set(curvatures.map((d, i) => -d * w[i]));
  const settings = { alpha: 1, maxStep: 1 };
  const loss = (w: Float64Array) => w.reduce((sum, x, i) => sum + (curvatures[i] * x * x) / 2, 0);
  const constant = (sharpness: number) => ({ loss, sharpness: () => sharpness });

  it('decays exponentially, and ends at the time asked for', () => {
    const flow = { w: Float64Array.of(1, 1, 1), time: 0, sharpness: 10 };
    const times = [0.3, 0.35, 2];
    for (const time of times) {
      followFlow(flow, time, settings, decay, constant(10));
      expect(flow.time).toBe(time);
      flow.w.forEach((x, i) => {
        expect(Math.abs(x - Math.exp(-curvatures[i] * time))).toBeLessThan(0.01);
      });
    }
  });

  it('takes steps of alpha / lambda, of the longest where lambda is not positive, and measures every 8', () => {
    const steps = (sharpness: number, until: number, alpha = 1) => {
      let measured = 0;
      const taken = followFlow(
        { w: Float64Array.of(1, 1, 1), time: 0, sharpness },
        until,
        { alpha, maxStep: 0.5 },
        decay,
        {
          loss: () => 1,
          sharpness: () => {
            measured += 1;
            return Number.isNaN(sharpness) ? 0.01 : sharpness;
          },
        },
      );
      return [taken, measured];
    };
    expect(steps(10, 1.55)).toEqual([16, 2]);
    expect(steps(10, 1.65)).toEqual([17, 3]);
    expect(steps(10, 0.75, 0.5)).toEqual([15, 2]);
    expect(steps(0.01, 2)).toEqual([4, 1]);
    expect(steps(-3, 2)).toEqual([4, 1]);
    expect(steps(Number.NaN, 2)).toEqual([4, 1]);
    expect(steps(10, 0)).toEqual([0, 0]);
  });

  it('takes a stretch again in which lambda has risen so much that its steps were not stable', () => {
    const flow = { w: Float64Array.of(1, 1, 1), time: 0, sharpness: 2 };
    expect(followFlow(flow, 0.95, settings, decay, constant(10))).toBe(2 + 10);
    flow.w.forEach((x, i) => {
      expect(Math.abs(x - Math.exp(-0.95 * curvatures[i]))).toBeLessThan(0.01);
    });
  });
});

describe('a flow that blows up', () => {
  const settings = { alpha: 1, maxStep: 1 };
  const decay: Field = ([x], slope) => slope.set([-100 * x]);
  const loss = ([x]: Float64Array) => 50 * x * x;

  it.each([
    ['a loss that has risen', loss, () => 0.01],
    ['a loss that is not finite', (w: Float64Array) => (w[0] > 2 ? Number.NaN : loss(w)), () => 0.01],
    ['a lambda that is not finite', () => 1, ([x]: Float64Array) => (x > 2 ? Number.NaN : 100)],
    ['a huge lambda', () => 1, ([x]: Float64Array) => (x > 2 ? 1e20 : 100)],
  ])('is followed again with shorter steps: %s', (_, lossAt, sharpness) => {
    const flow = { w: Float64Array.of(1), time: 0, sharpness: 0.01 };
    const steps = followFlow(flow, 1, settings, decay, { loss: lossAt, sharpness });
    expect(flow.time).toBe(1);
    expect(flow.w[0]).toBeLessThan(0.5);
    expect(steps).toBeLessThan(1000);
  });

  it.each([
    ['loss', { loss: ([x]: Float64Array) => (x === 1 ? 1 : Number.NaN), sharpness: () => 1 }],
    ['lambda', { loss: () => 1, sharpness: () => 1e20 }],
    ['lambda', { loss: () => 1, sharpness: () => Number.NaN }],
  ])('is lost where no step is short enough for its %s', (_, probes) => {
    const flow = { w: Float64Array.of(1), time: 0, sharpness: 1 };
    expect(followFlow(flow, 1, settings, decay, probes)).toBeLessThan(200);
    expect(flow.time).toBeNaN();
    expect(followFlow(flow, 2, settings, decay, probes)).toBe(0);
  });

  it('is lost at once where its lambda is too large to begin with', () => {
    const flow = { w: Float64Array.of(1), time: 1, sharpness: 1e20 };
    expect(followFlow(flow, 2, settings, decay, { loss, sharpness: () => 1e20 })).toBe(0);
    expect(flow.time).toBeNaN();
  });

  it.each([1e20, Number.NaN, Number.POSITIVE_INFINITY])('central flow is lost with a lambda of %d', (sharpness) => {
    const flow = { w: Float64Array.of(1), time: 0, sharpness: 0, variance: 0 };
    const top = () => ({ sharpness, vector: Float64Array.of(1), gradient: Float32Array.of(1) });
    const probes = { top, eigenvalueGradient: () => Float64Array.of(1) };
    expect(followCentralFlow(flow, 1, 0.1, settings, decay, probes)).toBe(0);
    expect(flow.time).toBeNaN();
  });
});

describe('central flow', () => {
  // L = y x^2 / 2 - b y: the sharpness is y at x = 0, and rises at the rate b
  const b = 0.7;
  const gradient = (w: ArrayLike<number>) => Float32Array.of(w[1] * w[0], w[0] ** 2 / 2 - b);
  const field: Field = (w, slope) => slope.set(gradient(w).map((x) => -x));
  const probes = {
    top: (w: Float64Array) => ({ sharpness: w[1], vector: Float64Array.of(1, 0), gradient: gradient(w) }),
    eigenvalueGradient: () => Float64Array.of(0, 1),
  };

  it('follows gradient flow up to the edge, and stays there with the variance that holds it', () => {
    const stepSize = 0.1;
    const flow = { w: Float64Array.of(0, 18), time: 0, sharpness: 0, variance: 0 };
    followCentralFlow(flow, 1, stepSize, { alpha: 1, maxStep: 1 }, field, probes);
    expect(flow.w[1]).toBeCloseTo(18.7, 5);
    expect(flow.variance).toBe(0);
    followCentralFlow(flow, 5, stepSize, { alpha: 1, maxStep: 1 }, field, probes);
    expect(flow.w[1]).toBeCloseTo(20, 5);
    followCentralFlow(flow, 6, stepSize, { alpha: 1, maxStep: 1 }, field, probes);
    expect(flow.w[1]).toBeCloseTo(20, 5);
    // b = X / 2
    expect(flow.variance).toBeCloseTo(2 * b, 4);
  });
});
