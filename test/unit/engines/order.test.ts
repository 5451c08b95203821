import { describe, expect, it } from 'vitest';
import { shuffle } from '../../../worker/engines/order.ts';
import { chiSquare } from '../random/support.ts';

const TRIAL = { seed: 1, run: 2, rung: 3, stepSize: 1 };

function orderOf(count: number, pass: number, trial = TRIAL): number[] {
  const order = new Int32Array(count).fill(77);
  shuffle(order, trial, pass);
  return [...order];
}

describe('the order of a pass', () => {
  it.each([1, 2, 3, 10, 1000])('is a permutation of %i examples', (count) => {
    for (let pass = 0; pass < 5; pass++) {
      expect(orderOf(count, pass).sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => i));
    }
  });

  it('is the same again for the same trial and pass, whatever the step size', () => {
    expect(orderOf(50, 4, { ...TRIAL, stepSize: 2 })).toEqual(orderOf(50, 4));
  });

  it('differs between passes, rungs, runs and seeds', () => {
    const orders = [
      orderOf(50, 0),
      orderOf(50, 1),
      orderOf(50, 0, { ...TRIAL, rung: 4 }),
      orderOf(50, 0, { ...TRIAL, run: 3 }),
      orderOf(50, 0, { ...TRIAL, seed: 2 }),
    ];
    expect(new Set(orders.map(String)).size).toBe(orders.length);
  });

  it('takes each of the 24 permutations of four examples equally often', () => {
    const counts = new Map<string, number>();
    for (let pass = 0; pass < 24_000; pass++) {
      const key = String(orderOf(4, pass));
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    // 23 degrees of freedom: beyond 50 with probability 0.001
    expect(chiSquare([...counts.values()])).toBeLessThan(50);
  });

  it('brings every example to every place equally often', () => {
    const count = 7;
    const places = Array.from({ length: count }, () => new Array<number>(count).fill(0));
    for (let pass = 0; pass < 7_000; pass++) {
      for (const [place, example] of orderOf(count, pass).entries()) places[place][example]++;
    }
    // 6 degrees of freedom each: beyond 27 with probability 0.00015
    for (const counts of places) expect(chiSquare(counts)).toBeLessThan(27);
  });
});
