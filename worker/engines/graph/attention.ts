import type { Arena } from './arena.ts';
import { FROM_TARGET, FROM_ZERO, type Instruction, UNIT } from './operations.ts';
import { positionsOf, range, termsOf } from './tables.ts';
import type { Tape, Value } from './tape.ts';

export type AttentionShape = { tokens: number; heads: number; width: number };

/** A contraction of two values, in the operands of `pair`. */
type Pairing = { positions: number; targetStep: number; wStep: number };

/** Where the head's part of a token begins: the tokens are `stride` units apart. */
type Tokens = { stride: number; first: number };

/** Causal attention of several heads: queries, keys and values lie side by side in each token of x. */
export function attend(tape: Tape, x: Value, shape: AttentionShape): Value {
  const { tokens, heads, width } = shape;
  const y = tape.value(tokens * width);
  const [s, a] = [tape.value(heads * tokens * tokens), tape.value(heads * tokens * tokens)];
  const { rows, scores, mix, spread } = tablesOf(tape.arena, shape);
  const count = heads * tokens;
  const pair = (
    { positions, targetStep, wStep }: { positions: number; targetStep: number; wStep: number },
    from: number,
    by: number,
    target: number,
    start = FROM_ZERO,
  ): Instruction => ['pair', positions, count, from, by, by, target, targetStep, wStep, start];
  const scale = { float: 1 / Math.sqrt(width / heads) };
  const slope = (v: number, target: number): Instruction => ['softmax-slope', a.h, v, target, rows, count, scale];
  tape.record({
    input: [x],
    output: y,
    forward: () => [
      pair(scores.ofKeys, x.h, x.h, s.h),
      ['softmax', s.h, a.h, rows, count, scale],
      pair(mix.ofValues, a.h, x.h, y.h),
    ],
    backward: () => [
      pair(scores.ofValues, y.d, x.h, a.d),
      slope(a.d, s.d),
      pair(mix.ofKeys, s.d, x.h, x.d),
      pair(spread.ofQueries, s.d, x.h, x.d),
      pair(spread.ofOutputs, a.h, y.d, x.d),
    ],
    rForward: () => [
      pair(scores.ofKeys, x.rh, x.h, s.rh),
      pair(scores.ofKeys, x.h, x.rh, s.rh, FROM_TARGET),
      slope(s.rh, a.rh),
      pair(mix.ofValues, a.rh, x.h, y.rh),
      pair(mix.ofValues, a.h, x.rh, y.rh, FROM_TARGET),
    ],
    rBackward: ({ isGaussNewton }) => {
      const bend = (...instructions: Instruction[]) => (isGaussNewton ? [] : instructions);
      return [
        pair(scores.ofValues, y.rd, x.h, a.rd),
        ...bend(pair(scores.ofValues, y.d, x.rh, a.rd, FROM_TARGET)),
        slope(a.rd, s.rd),
        ...bend(['softmax-curve', a.h, a.d, a.rh, s.rd, rows, count, scale]),
        pair(mix.ofKeys, s.rd, x.h, x.rd),
        ...bend(pair(mix.ofKeys, s.d, x.rh, x.rd, FROM_TARGET)),
        pair(spread.ofQueries, s.rd, x.h, x.rd),
        ...bend(pair(spread.ofQueries, s.d, x.rh, x.rd, FROM_TARGET)),
        pair(spread.ofOutputs, a.h, y.rd, x.rd),
        ...bend(pair(spread.ofOutputs, a.rh, y.d, x.rd, FROM_TARGET)),
      ];
    },
  });
  return y;
}

/**
 * The tables of causal attention. Values of the tokens have `width` units or, of queries, keys and values side by side, three times as many; a head
 * has its share of them. Scores lie [head][token][token before it or itself]; what would be after it is not used. Every contraction has a position for each
 * head and token.
 */
function tablesOf(arena: Arena, { tokens, heads, width }: AttentionShape) {
  const share = width / heads;
  const places = range(heads).flatMap((head) =>
    range(tokens).map((token) => ({ head, token, row: (head * tokens + token) * tokens })),
  );
  const queries = { stride: 3 * width, first: 0 };
  const [keys, values] = [width, 2 * width].map((first): Tokens => ({ ...queries, first }));
  const outputs = { stride: width, first: 0 };
  const at = ({ stride, first }: Tokens, head: number, token: number) => token * stride + first + head * share;

  /** score[head][i][j] = sum over c of x[i][c] w[j][c], j <= i */
  const score = (x: Tokens, w: Tokens): Pairing => {
    const terms = termsOf(
      arena,
      range(share).map((c) => [c, c]),
      UNIT,
    );
    const positions = places.map(({ head, token, row }) => ({
      target: row,
      x: at(x, head, token),
      w: at(w, head, 0),
      terms,
      outputs: token + 1,
    }));
    return { positions: positionsOf(arena, positions, UNIT), targetStep: UNIT, wStep: UNIT * w.stride };
  };

  /** target[i][c] = sum over j <= i of score[head][i][j] w[j][c] */
  const mix = (target: Tokens, w: Tokens): Pairing => {
    const terms = range(tokens).map((i) =>
      termsOf(
        arena,
        range(i + 1).map((j) => [j, j * w.stride]),
        UNIT,
      ),
    );
    const positions = places.map(({ head, token, row }) => ({
      target: at(target, head, token),
      x: row,
      w: at(w, head, 0),
      terms: terms[token],
      outputs: share,
    }));
    return { positions: positionsOf(arena, positions, UNIT), targetStep: UNIT, wStep: UNIT };
  };

  /** target[j][c] = sum over i >= j of score[head][i][j] w[i][c] */
  const spread = (target: Tokens, w: Tokens): Pairing => {
    const terms = range(tokens).map((j) =>
      termsOf(
        arena,
        range(tokens - j).map((t) => [t * tokens, t * w.stride]),
        UNIT,
      ),
    );
    const positions = places.map(({ head, token, row }) => ({
      target: at(target, head, token),
      x: row + token,
      w: at(w, head, token),
      terms: terms[token],
      outputs: share,
    }));
    return { positions: positionsOf(arena, positions, UNIT), targetStep: UNIT, wStep: UNIT };
  };

  return {
    /** offset in bytes and number of the scores of each head and token */
    rows: arena.table(places.flatMap(({ token, row }) => [UNIT * row, token + 1])),
    scores: { ofKeys: score(queries, keys), ofValues: score(outputs, values) },
    mix: { ofValues: mix(outputs, values), ofKeys: mix(queries, keys) },
    spread: { ofQueries: spread(keys, queries), ofOutputs: spread(values, outputs) },
  };
}
