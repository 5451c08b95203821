import { describe, expect, it } from 'vitest';
import { ACTIVATION_FUNCTIONS } from '../../../worker/engines/reference/activations.ts';
import {
  expm1Negative,
  expNegative,
  gauss,
  log,
  normalCdf,
  normalDensity,
  sigmoid,
  softplus,
  tanh,
} from '../../../worker/engines/reference/functions.ts';
import { CASES } from '../../accuracy/functions/cases.ts';
import { combine, measure } from '../../accuracy/functions/error.ts';
import * as oracle from '../../accuracy/functions/oracle.ts';

const INFINITY = 0x7f800000;
const SIGN = 0x80000000;
const LARGEST = (2 - 2 ** -23) * 2 ** 127;
const SMALLEST = 2 ** -149;
const gelu = ACTIVATION_FUNCTIONS.gelu.value;
const geluSlope = (x: number): number => ACTIVATION_FUNCTIONS.gelu.backward(1, 0, x);
const silu = ACTIVATION_FUNCTIONS.silu.value;
const siluSlope = (x: number): number => ACTIVATION_FUNCTIONS.silu.backward(1, 0, x);

describe('the float32 functions', () => {
  // about 13000 numbers of each sign, over all exponents; `make functions` does all that matter
  it.each(CASES)('$name errs by at most $bound ulp, over all exponents', (c) => {
    const stride = 163_841;
    const found = combine(measure(c, 1, INFINITY, stride), measure(c, SIGN + 1, SIGN + INFINITY, stride));
    expect(found.error).toBeLessThanOrEqual(c.bound);
    expect(found.zeroBelow).toBeLessThan(2 ** -126);
    expect(found.subnormalError).toBeLessThanOrEqual(2);
  });

  it.each(CASES)('$name errs by at most $bound ulp where its error is largest, next to 1', (c) => {
    const [quarter, eight] = [0x3e800000, 0x41000000];
    const stride = 2_027;
    const found = combine(measure(c, quarter, eight, stride), measure(c, SIGN + quarter, SIGN + eight, stride));
    expect(found.error).toBeLessThanOrEqual(c.bound);
    expect(found.error).toBeGreaterThan(c.bound / 3);
  });

  it.each(CASES)('$name of NaN is NaN', ({ compute }) => {
    expect(compute(Number.NaN)).toBeNaN();
  });

  it('have the limits of the exact ones at infinity and at the largest numbers', () => {
    for (const large of [1e5, 2 ** 127, LARGEST, Number.POSITIVE_INFINITY]) {
      expect([tanh(large), tanh(-large)]).toEqual([1, -1]);
      expect([sigmoid(large), sigmoid(-large)]).toEqual([1, 0]);
      expect([softplus(large), softplus(-large)]).toEqual([large, 0]);
      expect([normalCdf(large), normalCdf(-large)]).toEqual([1, 0]);
      expect([gauss(large), gauss(-large)]).toEqual([0, 0]);
      expect(normalDensity(large)).toBe(0);
      expect([expNegative(large), expNegative(-large)]).toEqual([0, Number.POSITIVE_INFINITY]);
      expect(expm1Negative(large)).toBe(-1);
      expect([gelu(large), silu(large)]).toEqual([large, large]);
      expect(log(large)).toBe(Math.fround(Math.log(large)));
    }
    expect([gelu(-LARGEST), geluSlope(LARGEST), geluSlope(-LARGEST)]).toEqual([-0, 1, 0]);
    expect([silu(-LARGEST), siluSlope(LARGEST), siluSlope(-LARGEST)]).toEqual([-0, 1, -0]);
  });

  it('keep to a finite argument where GELU has x Phi(x) for x far below 0', () => {
    for (let x = -12.9; x > -40; x = Math.fround(x - 0.01)) {
      expect(Math.abs(gelu(x) - oracle.gelu(x))).toBeLessThan(1e-37);
      expect(Math.abs(geluSlope(x) - oracle.geluSlope(x))).toBeLessThan(1e-36);
    }
  });

  it('are right at 0 and next to it', () => {
    for (const zero of [0, -0]) {
      expect(expNegative(zero)).toBe(1);
      expect(gauss(zero)).toBe(1);
      expect(log(1 + zero)).toBe(0);
      expect([sigmoid(zero), normalCdf(zero), geluSlope(zero), siluSlope(zero)]).toEqual([0.5, 0.5, 0.5, 0.5]);
      expect(softplus(zero)).toBe(Math.fround(Math.LN2));
      expect(Math.abs(tanh(zero)) + Math.abs(expm1Negative(zero)) + Math.abs(gelu(zero)) + Math.abs(silu(zero))).toBe(
        0,
      );
    }
    for (const tiny of [SMALLEST, -SMALLEST, 2 ** -126, -(2 ** -130), 3 * 2 ** -149]) {
      expect(tanh(tiny)).toBe(tiny);
      expect(expm1Negative(tiny)).toBe(-tiny);
      expect([sigmoid(tiny), normalCdf(tiny), expNegative(tiny), gauss(tiny)]).toEqual([0.5, 0.5, 1, 1]);
    }
  });

  it('reach 0 and infinity where the docstrings say', () => {
    expect(expNegative(Math.fround(-88.37))).toBeLessThan(Number.POSITIVE_INFINITY);
    expect(expNegative(Math.fround(-88.38))).toBe(Number.POSITIVE_INFINITY);
    expect(expNegative(Math.fround(87.33))).toBeGreaterThanOrEqual(2 ** -126);
    expect(expNegative(88)).toBe(0);
    expect(gauss(Math.fround(13.2))).toBeGreaterThan(0);
    expect(gauss(13.25)).toBe(0);
  });

  it('give float32 numbers', () => {
    for (const { compute } of CASES) {
      for (const x of [-3.7, -0.3, 0.01, 1.1, 9.3].map(Math.fround)) expect(compute(x)).toBe(Math.fround(compute(x)));
    }
  });
});

describe('the float64 functions that they are measured against', () => {
  /** x and Phi(-x) = erfc(x / sqrt 2) / 2 with mpmath 1.2.1 at 60 digits, rounded to float64 */
  const TAIL = [
    [0, 0.5],
    [9.99999993922529e-9, 0.4999999960105772],
    [0.10000000149011612, 0.4601721621314656],
    [0.5, 0.3085375387259869],
    [0.9990000128746033, 0.15889734252292595],
    [1, 0.15865525393145705],
    [1.03125, 0.15121179945000363],
    [2.718280076980591, 0.0032811132064130737],
    [5, 2.866515718791939e-7],
    [7.25, 2.0838581586720695e-13],
    [9.989999771118164, 8.429106663252466e-24],
    [13.199999809265137, 4.386763820295677e-40],
    [14, 7.7935368191928e-45],
  ] as const;

  it.each(TAIL)('Phi(-%d) is %d to 1e-14', (x, tail) => {
    expect(Math.abs(oracle.normalCdf(-x) / tail - 1)).toBeLessThan(1e-14);
    expect(oracle.normalCdf(x)).toBeCloseTo(1 - tail, 15);
  });

  it('are smooth across the nodes of the table', () => {
    for (let a = 1 / 32; a < 14; a += 1 / 16) {
      const below = oracle.normalCdf(-a * (1 + 1e-14));
      const above = oracle.normalCdf(-a * (1 - 1e-14));
      expect(Math.abs(below / above - 1)).toBeLessThan(1e-11);
    }
  });
});
