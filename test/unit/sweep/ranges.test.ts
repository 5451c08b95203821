import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { powersOf } from '../../../shared/powers.ts';
import { expand } from '../../../shared/sweep/mod.ts';
import { rangeLength, rangeValues } from '../../../shared/sweep/range.ts';
import { load, refusalOf } from './support.ts';

describe('ranges', () => {
  it('are computed as from + i * step and from * factor^i, up to `to`', () => {
    expect(rangeValues({ from: 1, to: 16, step: 5 })).toEqual([1, 6, 11, 16]);
    expect(rangeValues({ from: 1, to: 15, step: 5 })).toEqual([1, 6, 11]);
    expect(rangeValues({ from: 1, to: 1024, factor: 2 })).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024]);
    expect(rangeValues({ from: 3, to: 3, step: 1 })).toEqual([3]);
    expect(rangeValues({ from: 1, to: 1000, factor: 10 })).toEqual([1, 10, 100, 1000]);
  });

  it('have as many values as written, in spite of round-off', () => {
    expect(rangeLength({ from: 0, to: 0.3, step: 0.1 })).toBe(4);
    expect(rangeValues({ from: 4, to: 9, factor: 1.5 })).toEqual([4, 6, 9]);
    expect(rangeValues({ from: 1, to: 7, step: 0.1 * 10 })).toEqual([1, 2, 3, 4, 5, 6, 7]);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 2, max: 9 }), fc.nat(8), (from, factor, n) => {
        const values = rangeValues({ from, to: from * factor ** n, factor });
        expect(values).toEqual(Array.from({ length: n + 1 }, (_, i) => from * factor ** i));
      }),
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 1, max: 99 }), fc.nat(300), (from, step, n) => {
        const values = rangeValues({ from, to: from + n * step + (step - 1), step });
        expect(values).toEqual(Array.from({ length: n + 1 }, (_, i) => from + i * step));
      }),
    );
  });

  it('have powers that are rounded once, which those of the engine need not be', () => {
    const exact = (factor: number, i: number) => {
      // the factor is a whole number of 2^-52, and Number() rounds to the nearest
      const [power, bits] = [BigInt(factor * 2 ** 52) ** BigInt(i), 52 * i];
      const dropped = Math.max(0, bits - 900);
      return Number(power >> BigInt(dropped)) / Number(1n << BigInt(bits - dropped));
    };
    for (const factor of [1.04, 1.1, 1.5, 1 + 2 ** -40]) {
      const powers = powersOf(factor);
      for (let i = 0; i < 200; i++) expect([factor, i, powers.next().value]).toEqual([factor, i, exact(factor, i)]);
    }
    // `1.04 ** 6` is one unit less in the last place in Node 20
    expect(rangeValues({ from: 1, to: 24, factor: 1.04 })[6]).toBe(1.2653190184960004);
  });

  it('keep values near 0 that are not round-off', () => {
    expect(rangeValues({ from: 2 ** -40, to: 2 ** -38, factor: 2 })).toEqual([2 ** -40, 2 ** -39, 2 ** -38]);
    expect(rangeValues({ from: -0.3, to: 0.3, step: 0.1 })[3]).toBe(0);
    expect(rangeValues({ from: 0, to: 2 ** -40, step: 2 ** -41 })).toEqual([0, 2 ** -41, 2 ** -40]);
  });

  it('are measured without being listed', () => {
    expect(rangeLength({ from: 1, to: 1e300, step: 1e-300 })).toBe(Number.POSITIVE_INFINITY);
    expect(rangeLength({ from: 1, to: 1e9, factor: 1 + 1e-12 })).toBeGreaterThan(1e12);
  });

  it('stand for lists in the grid and in the dataset', () => {
    const sweep = load(`grid:
  activation: tanh
  depth: {from: 2, to: 4, step: 1}
  dataset: {kind: synthetic, examples: {from: 10, to: 1000, factor: 10}, dimensions: 2}
`);
    const cells = expand(sweep).cells.map(({ depth, dataset }) => [depth, dataset.examples]);
    expect(cells).toEqual([2, 3, 4].flatMap((depth) => [10, 100, 1000].map((examples) => [depth, examples])));
  });

  it('that pass over themselves by round-off are refused as repeated values', () => {
    const { text } = refusalOf('grid: {activation: tanh, depth: {from: 1, to: 1.00000000005, step: 0.00000000005}}');
    expect(text).toContain('repeated');
  });
});
