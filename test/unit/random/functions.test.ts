import { describe, expect, it } from 'vitest';
import { log, normalQuantile } from '../../../shared/random/mod.ts';
import { exactLog, FRACTION, ulpError } from './exact-log.ts';

/** mantissas in [1, 2): the ends, both sides of sqrt(2), and some that no pattern singles out */
const MANTISSAS = [
  1,
  1 + 2 ** -52,
  1.1,
  1.234567890123,
  Math.SQRT2,
  Math.SQRT2 + 2 ** -52,
  1.5,
  1.75,
  1.9,
  2 - 2 ** -52,
];

describe('log', () => {
  it('agrees with the integer series on what is known of it', () => {
    expect(Number(exactLog(2)) / 2 ** Number(FRACTION)).toBe(Math.LN2);
    expect(Number(exactLog(10)) / 2 ** Number(FRACTION)).toBe(Math.LN10);
    expect(exactLog(1)).toBe(0n);
  });

  it('errs by less than 2 units in the last place, at every exponent', () => {
    expect(log(1)).toBe(0);
    let worst = 0;
    for (let exponent = -1022; exponent <= 1023; exponent++) {
      for (const mantissa of MANTISSAS) {
        const x = mantissa * 2 ** exponent;
        if (x !== 1) worst = Math.max(worst, ulpError(log(x), exactLog(x)));
      }
    }
    expect(worst).toBeLessThan(2);
  });

  it('errs by less than 2 units in the last place next to 1, where it vanishes', () => {
    let worst = 0;
    for (let i = 1; i <= 50; i++) {
      for (const x of [1 + 2 ** -i, 1 - 2 ** -i, 1 + 0.7 * 2 ** -i, 1 - 0.3 * 2 ** -i]) {
        if (x !== 1) worst = Math.max(worst, ulpError(log(x), exactLog(x)));
      }
    }
    expect(worst).toBeLessThan(2);
  });

  it('errs by less than 2 units in the last place all over (1/2, 2)', () => {
    let worst = 0;
    for (let i = 0; i < 5000; i++) {
      const x = 0.5 + 1.5 * ((i * 0.6180339887498949) % 1);
      worst = Math.max(worst, ulpError(log(x), exactLog(x)));
    }
    expect(worst).toBeLessThan(2);
  });
});

/**
 * p and the root z of erfc(-z / sqrt 2) / 2 = p, for the float64 p as it stands, with mpmath 1.2.1 at 60 digits
 * (`findroot` on the logarithms), rounded to float64.
 */
const QUANTILES = [
  [2.2250738585072014e-308, -37.5193793471445],
  [1e-300, -37.0470962993612],
  [1e-200, -30.20559417957964],
  [1e-100, -21.273453560965326],
  [1e-50, -14.933337534788489],
  [1e-20, -9.262340089798407],
  [1e-12, -7.034483825301132],
  [1e-11, -6.706023155495136],
  [1.4e-11, -6.656723091518184],
  [1.1641532182693481e-10, -6.3379577545537895],
  [3.4924596548080444e-10, -6.166429517819751],
  [1e-9, -5.9978070150076865],
  [1e-7, -5.1993375821928165],
  [1.3e-5, -4.20593931361333],
  [0.0001, -3.7190164854556804],
  [0.0013, -3.0114537584997843],
  [0.01, -2.326347874040841],
  [0.02425, -1.972961051311885],
  [0.05, -1.6448536269514726],
  [0.0749999, -1.4395321773759007],
  [0.075, -1.439531470938456],
  [0.0750001, -1.4395307645017297],
  [0.1, -1.2815515655446004],
  [0.2, -0.8416212335729142],
  [0.25, -0.6744897501960817],
  [0.3, -0.5244005127080408],
  [0.4, -0.2533471031357997],
  [0.45, -0.12566134685507402],
  [0.49, -0.025068908258711057],
  [0.4999, -0.00025066283008800747],
  [0.4999999998835847, -2.918099372916623e-10],
  [0.5000000001164153, 2.918099372916623e-10],
  [0.51, 0.025068908258711057],
  [0.6, 0.2533471031357997],
  [0.75, 0.6744897501960817],
  [0.9, 1.2815515655446006],
  [0.925, 1.4395314709384561],
  [0.9250001, 1.4395321773759004],
  [0.95, 1.6448536269514722],
  [0.99, 2.3263478740408408],
  [0.999, 3.090232306167813],
  [0.999999, 4.753424308817087],
  [0.9999999998835847, 6.3379577545537895],
] as const;

describe('normalQuantile', () => {
  it.each(QUANTILES)('at %d is %d, to a relative error of 1e-15', (p, z) => {
    expect(Math.abs(normalQuantile(p) / z - 1)).toBeLessThan(1e-15);
  });

  it('is odd about 1/2 on the arguments that streams give it', () => {
    expect(normalQuantile(0.5)).toBe(0);
    for (let w = 0; w < 2 ** 31; w += 2 ** 21 + 12345) {
      expect(normalQuantile(1 - (w + 0.5) * 2 ** -32)).toBe(-normalQuantile((w + 0.5) * 2 ** -32));
    }
  });

  it('rises across the joints of its three pieces', () => {
    for (const joint of [0.075, 0.925, Math.exp(-25), 0.5]) {
      const around = [-3, -2, -1, 0, 1, 2, 3].map((i) => normalQuantile(joint * (1 + i * 1e-12)));
      expect(around).toEqual([...around].sort((a, b) => a - b));
    }
  });
});
