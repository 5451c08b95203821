import { describe, expect, it } from 'vitest';
import { normalQuantile, Stream } from '../../../shared/random/mod.ts';
import { normalCdf } from '../../accuracy/functions/oracle.ts';
import { chiSquare, kolmogorov, moments } from './support.ts';

const COUNT = 40_000;
const uniforms = (seed: number): number[] => {
  const stream = new Stream({ seed, purpose: 'inputs', run: 0 });
  return Array.from({ length: COUNT }, () => stream.uniform());
};
/** how many standard errors a moment of the sample is off */
const off = (measured: number, expected: number, varianceOfOne: number): number =>
  Math.abs(measured - expected) / Math.sqrt(varianceOfOne / COUNT);

describe('uniform numbers', () => {
  it('lie strictly between 0 and 1, at the middle of one of 2^32 intervals', () => {
    const outside = uniforms(5).filter((u) => !(u > 0 && u < 1 && (u * 2 ** 32) % 1 === 0.5));
    expect(outside).toEqual([]);
  });

  it('have the moments and the distribution of the uniform distribution', () => {
    const sample = uniforms(1);
    const { mean, variance } = moments(sample);
    expect(off(mean, 1 / 2, 1 / 12)).toBeLessThan(4);
    expect(off(variance, 1 / 12, 1 / 180)).toBeLessThan(4);
    expect(kolmogorov(sample, (u) => u)).toBeLessThan(1.95);
  });

  it('are not correlated with the next, nor with those of the same block', () => {
    const sample = uniforms(2);
    for (const lag of [1, 2, 3, 4]) {
      let sum = 0;
      for (let i = 0; i + lag < COUNT; i++) sum += (sample[i] - 0.5) * (sample[i + lag] - 0.5);
      expect(Math.abs(sum / (COUNT - lag)) * 12 * Math.sqrt(COUNT)).toBeLessThan(4);
    }
  });

  it('fall evenly into the cells of a square, in pairs', () => {
    const sample = uniforms(3);
    const counts = new Array<number>(256).fill(0);
    for (let i = 0; i < COUNT; i += 2) counts[16 * Math.floor(16 * sample[i]) + Math.floor(16 * sample[i + 1])]++;
    // 255 degrees of freedom: beyond 330 with probability 0.001
    expect(chiSquare(counts)).toBeLessThan(330);
  });
});

describe('integers below a bound', () => {
  it.each([1, 2, 3, 10, 1000])('below %i are all reached, evenly', (bound) => {
    const stream = new Stream({ seed: 4, purpose: 'order', run: bound });
    const counts = new Array<number>(bound).fill(0);
    for (let i = 0; i < COUNT; i++) counts[stream.below(bound)]++;
    expect(counts).toHaveLength(bound);
    expect(chiSquare(counts)).toBeLessThan(bound + 4 * Math.sqrt(2 * bound));
  });

  it('stay below the largest number of examples that a task may have', () => {
    const stream = new Stream({ seed: 4, purpose: 'order', run: 0 });
    const drawn = Array.from({ length: 10_000 }, () => stream.below(10_000_000));
    expect(Math.max(...drawn)).toBeLessThan(10_000_000);
  });
});

describe('normal numbers', () => {
  it('have the moments and the distribution of the standard normal distribution', () => {
    const sample = uniforms(6).map(normalQuantile);
    const { mean, variance, skewness, kurtosis } = moments(sample);
    expect(off(mean, 0, 1)).toBeLessThan(4);
    expect(off(variance, 1, 2)).toBeLessThan(4);
    expect(off(skewness, 0, 6)).toBeLessThan(4);
    expect(off(kurtosis, 0, 24)).toBeLessThan(4);
    expect(kolmogorov(sample, normalCdf)).toBeLessThan(1.95);
  });
});
