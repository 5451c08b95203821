import { describe, expect, it } from 'vitest';
import { philox } from '../../../shared/random/mod.ts';

const hex = (words: string): number[] => words.split(' ').map((word) => Number.parseInt(word, 16));

/** The `philox4x32 10` lines of kat_vectors in Random123 (Salmon et al.): counter, key, output. */
const KNOWN_ANSWERS = [
  ['00000000 00000000 00000000 00000000', '00000000 00000000', '6627e8d5 e169c58d bc57ac4c 9b00dbd8'],
  ['ffffffff ffffffff ffffffff ffffffff', 'ffffffff ffffffff', '408f276d 41c83b0e a20bc7c6 6d5451fd'],
  ['243f6a88 85a308d3 13198a2e 03707344', 'a4093822 299f31d0', 'd16cfe09 94fdcceb 5001e420 24126ea1'],
] as const;

function block(counter: readonly number[], key: readonly number[]): Uint32Array {
  const out = new Uint32Array(4);
  philox([counter[0], counter[1], counter[2], counter[3]], [key[0], key[1]], out);
  return out;
}

/** Philox4x32-10 written with 64-bit products, to compare on any input. */
function philoxInBigInt(counter: readonly number[], key: readonly number[]): number[] {
  const mask = 0xffffffffn;
  let [c0, c1, c2, c3] = counter.map(BigInt);
  let [k0, k1] = key.map(BigInt);
  for (let round = 0; round < 10; round++) {
    const p0 = 0xd2511f53n * c0;
    const p1 = 0xcd9e8d57n * c2;
    [c0, c1, c2, c3] = [(p1 >> 32n) ^ c1 ^ k0, p1 & mask, (p0 >> 32n) ^ c3 ^ k1, p0 & mask];
    k0 = (k0 + 0x9e3779b9n) & mask;
    k1 = (k1 + 0xbb67ae85n) & mask;
  }
  return [c0, c1, c2, c3].map(Number);
}

describe('philox', () => {
  it.each(KNOWN_ANSWERS)('gives the published answer for counter %s and key %s', (counter, key, answer) => {
    expect([...block(hex(counter), hex(key))]).toEqual(hex(answer));
  });

  it('equals the 64-bit formulation on words of every size', () => {
    const words = [0, 1, 2, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff, 0x12345678];
    words.forEach((word, i) => {
      const counter = [word, words[(i + 3) % 10], words[(i * 7) % 10], words[(i + 5) % 10]];
      const key = [words[(i + 1) % 10], words[(i * 3) % 10]];
      expect([...block(counter, key)]).toEqual(philoxInBigInt(counter, key));
    });
  });
});
