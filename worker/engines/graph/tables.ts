import type { Arena } from './arena.ts';
import { POSITION_WORDS, UNIT } from './operations.ts';

/** Bytes of a parameter that all lanes share; where each has its own, there are `UNIT`. */
export const PARAMETER = 4;

/** A record of `weigh` or `pair`: offsets in units of the target and x, in parameters of w and the bias. */
export type Position = { target: number; x: number; w?: number; bias?: number; terms: Terms; outputs: number };
/** Terms of a sum, in the arena. */
export type Terms = { address: number; count: number };

/** @param terms offsets of x in units, and of w */
export function termsOf(arena: Arena, terms: readonly (readonly [x: number, w: number])[], parameter: number): Terms {
  return { address: arena.table(terms.flatMap(([x, w]) => [UNIT * x, parameter * w])), count: terms.length };
}

export function positionsOf(arena: Arena, positions: readonly Position[], parameter: number): number {
  const words = positions.flatMap(({ target, x, w = 0, bias = 0, terms, outputs }) => [
    UNIT * target,
    UNIT * x,
    parameter * w,
    parameter * bias,
    terms.address,
    terms.count,
    outputs,
    1,
  ]);
  // how many are alike, from the last one backwards
  const alike = (i: number) =>
    positions[i].terms === positions[i + 1].terms &&
    positions[i].outputs === positions[i + 1].outputs &&
    positions[i].w === positions[i + 1].w;
  for (let i = positions.length - 2; i >= 0; i--) {
    if (alike(i)) words[POSITION_WORDS * (i + 1) - 1] = words[POSITION_WORDS * (i + 2) - 1] + 1;
  }
  return arena.table(words);
}

/** [offset of d or of a g, offset of x or of a g], in units */
export const pairsOf = (arena: Arena, pairs: readonly (readonly [number, number])[]): number =>
  arena.table(pairs.flatMap(([first, second]) => [UNIT * first, UNIT * second]));

/** 0 .. count - 1 */
export const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
