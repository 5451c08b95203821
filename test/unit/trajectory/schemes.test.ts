import { describe, expect, it } from 'vitest';
import { type Iterate, SCHEMES, type SchemeValues, schemeLabel, schemeOf, schemeSchema } from '../../../shared/mod.ts';

/** Steps through iterations in which the scheme is told these things. */
function stepSizes(scheme: SchemeValues, iterates: Partial<Iterate>[]): (number | number[])[] {
  let memory: readonly number[] = [];
  const unexpected = () => {
    throw new Error('the scheme asked for what the test has not');
  };
  const plain = {
    loss: 1,
    gradientNorm: 1,
    sharpness: unexpected,
    layerSharpness: unexpected,
    lossAfter: unexpected,
  };
  return iterates.map((iterate) => {
    const step = schemeOf(scheme).step(scheme as never, { ...plain, ...iterate }, memory);
    memory = step.memory;
    return step.stepSize;
  });
}

const sharpness = (...values: number[]) => values.map((value) => ({ sharpness: () => value }));

describe('1/lambda0', () => {
  it('measures once', () => {
    expect(stepSizes({ kind: '1/lambda0', factor: 2 }, [{ sharpness: () => 4 }, {}, {}])).toEqual([
      0.125, 0.125, 0.125,
    ]);
  });

  it('takes the magnitude where the first value is negative', () => {
    expect(stepSizes({ kind: '1/lambda0', factor: 1 }, [{ sharpness: () => -4 }, {}])).toEqual([0.25, 0.25]);
  });
});

describe('1/lambda', () => {
  it('follows the sharpness, and keeps the last step size while that is not positive', () => {
    const scheme = { kind: '1/lambda' as const, factor: 1 };
    expect(stepSizes(scheme, sharpness(2, 4, -8, 0, Number.NaN, Number.POSITIVE_INFINITY, 5))).toEqual([
      0.5, 0.25, 0.25, 0.25, 0.25, 0.25, 0.2,
    ]);
    expect(stepSizes(scheme, sharpness(-2, -8, 4))).toEqual([0.5, 0.5, 0.25]);
    expect(stepSizes(scheme, sharpness(0, Number.NaN, 4))).toEqual([0, 0, 0.25]);
  });
});

describe('layer 1/lambda', () => {
  it('has the same rule for each layer', () => {
    const layers = [
      [2, -4],
      [-1, -5],
      [8, 10],
    ].map((values) => ({ layerSharpness: () => values }));
    expect(stepSizes({ kind: 'layer 1/lambda', factor: 1 }, layers)).toEqual([
      [0.5, 0.25],
      [0.5, 0.25],
      [0.125, 0.1],
    ]);
  });
});

describe('line-search', () => {
  const scheme = {
    kind: 'line-search' as const,
    c: 0.1,
    initialStepSize: 1,
    shrink: 0.9,
    growth: 2,
    maxTries: 100,
    batchesPerEpoch: 1,
  };
  /** f(w) = (curvature / 2) w^2 at w = 1: loss and gradient there, and the loss after a step */
  const parabola = (curvature: number): Partial<Iterate> => ({
    loss: curvature / 2,
    gradientNorm: curvature,
    lossAfter: (eta) => (curvature / 2) * (1 - eta * curvature) ** 2,
  });
  /** The condition of Armijo on a parabola: eta <= 2 (1 - c) / curvature. */
  const largest = (start: number, curvature: number) => {
    let eta = start;
    while (eta > 1.8 / curvature) eta *= 0.9;
    return eta;
  };

  it('doubles, then shrinks until the loss decreases enough', () => {
    const first = largest(2, 5);
    const second = largest(2 * first, 5);
    const third = largest(2 * second, 50);
    expect(stepSizes(scheme, [parabola(5), parabola(5), parabola(50)])).toEqual([first, second, third]);
  });

  it('grows by growth^(1 / batches of an epoch)', () => {
    const [eta] = stepSizes({ ...scheme, batchesPerEpoch: 500 }, [parabola(1e-3)]) as number[];
    expect(eta).toBeCloseTo(2 ** (1 / 500), 14);
  });

  it('does not move where there is no gradient, and hardly where nothing decreases the loss', () => {
    const nowhere = { ...parabola(1), lossAfter: () => Number.NaN };
    expect(stepSizes(scheme, [{ ...parabola(1), gradientNorm: 1e-9 }, nowhere, parabola(1)])).toEqual([0, 1e-6, 2e-6]);
  });

  it('tries no more often than it may', () => {
    let tries = 0;
    const lossAfter = () => {
      tries += 1;
      return 1e9;
    };
    stepSizes({ ...scheme, maxTries: 7 }, [{ ...parabola(1), lossAfter }]);
    expect(tries).toBe(7);
  });
});

describe('warm-up', () => {
  it('rises in equal steps, and stays', () => {
    const scheme = { kind: 'warm-up' as const, stepSize: 0.4, iterations: 4 };
    expect(stepSizes(scheme, [{}, {}, {}, {}, {}, {}])).toEqual([0.1, 0.2, 0.4 * 0.75, 0.4, 0.4, 0.4]);
  });
});

it('every scheme has a label, and a schema that its values pass', () => {
  for (const { kind, parameters, defaults } of SCHEMES) {
    const values = {
      kind,
      ...Object.fromEntries(
        Object.keys(parameters()).map((name) => [name, (defaults as Record<string, number>)[name] ?? 2]),
      ),
    };
    expect(schemeSchema().parse(values)).toEqual(values);
    expect(schemeLabel(schemeSchema().parse(values))).toMatch(/\w/);
  }
  expect(schemeLabel({ kind: 'layer 1/lambda', factor: 2 })).toBe('layer 1/(2 lambda)');
});
