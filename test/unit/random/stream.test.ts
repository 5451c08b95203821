import { describe, expect, it } from 'vitest';
import { philox, Stream, type StreamName } from '../../../shared/random/mod.ts';

const BASE: StreamName = { seed: 11, purpose: 'initialization', run: 3, rung: 40, part: 2 };

function words(name: StreamName, count: number): number[] {
  const stream = new Stream(name);
  return Array.from({ length: count }, () => stream.word());
}

describe('a stream of random numbers', () => {
  it('is the Philox blocks 0, 1, 2, ... in order, under the key and counter that its name gives', () => {
    const seed = 2 ** 40 + 5;
    const out = new Uint32Array(4);
    const expected: number[] = [];
    for (let block = 0; block < 5; block++) {
      // purpose 4 is the initialization
      philox([block, 4 + 256 * 2, 3, 40], [5, 256], out);
      expected.push(...out);
    }
    expect(words({ ...BASE, seed }, 20)).toEqual(expected);
  });

  it('gives the same words again for the same name, whatever was drawn elsewhere', () => {
    const first = new Stream(BASE);
    const other = new Stream({ ...BASE, run: 4 });
    const interleaved = Array.from({ length: 30 }, () => {
      other.word();
      return first.word();
    });
    expect(interleaved).toEqual(words(BASE, 30));
  });

  it('takes rung and part to be 0 unless given', () => {
    expect(words({ seed: 1, purpose: 'noise', run: 2 }, 8)).toEqual(
      words({ seed: 1, purpose: 'noise', run: 2, rung: 0, part: 0 }, 8),
    );
  });

  it('shares no word with a stream whose name differs in one place', () => {
    const names: StreamName[] = [
      BASE,
      { ...BASE, seed: 12 },
      { ...BASE, seed: 11 + 2 ** 32 },
      { ...BASE, run: 2 },
      { ...BASE, rung: 41 },
      { ...BASE, rung: 3, run: 40 },
      { ...BASE, part: 3 },
      { ...BASE, part: 2 ** 24 - 1 },
      { ...BASE, purpose: 'order' },
      { ...BASE, purpose: 'inputs' },
      { ...BASE, purpose: 'targetWeights' },
      { ...BASE, purpose: 'noise' },
    ];
    const all = names.flatMap((name) => words(name, 100));
    // 1200 words of 32 bits: two equal ones by chance have probability 1.7e-4
    expect(new Set(all).size).toBe(all.length);
  });

  it('differs bit by bit from its neighbours as independent streams do', () => {
    const count = 4000;
    const reference = words(BASE, count);
    for (const name of [
      { ...BASE, run: 4 },
      { ...BASE, rung: 41 },
      { ...BASE, part: 3 },
      { ...BASE, seed: 10 },
    ]) {
      let different = 0;
      words(name, count).forEach((word, i) => {
        for (let x = word ^ reference[i]; x !== 0; x &= x - 1) different++;
      });
      const standardDeviations = (different - 16 * count) / Math.sqrt(8 * count);
      expect(Math.abs(standardDeviations)).toBeLessThan(4);
    }
  });
});
