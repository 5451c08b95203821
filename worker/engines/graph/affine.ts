import { KERNEL } from '../../../shared/mod.ts';
import type { Arena } from './arena.ts';
import { UNIT } from './operations.ts';

/** A contraction with parameters, in the operands of `weigh`. */
type Contraction = { positions: number; count: number; targetStep: number; wStep: number };

/** A linear map of a layer with its biases, by the tables of its instructions; see `reference.ts`. */
export type Affine = {
  /** of what it gives */
  units: number;
  /** it takes only a part of its input */
  isPartial?: boolean;
  forward: Contraction;
  /** from the deltas of what it gives to those of what it takes */
  backward: Contraction;
  /** the gradients of the weights, in the operands of `contribute` */
  weights: readonly {
    positions: number;
    count: number;
    offset: number;
    outputs: number;
    dStep: number;
    gOutputStep: number;
    inputs: number;
    xStep: number;
    gInputStep: number;
  }[];
  /** those of the biases, in the operands of `sum` */
  biases: { positions: number; count: number; outputs: number; dStep: number };
};

const PARAMETER = 4;

/** A record of `weigh`: offsets in units of the target and x, in parameters of w and the bias. */
export type Position = { target: number; x: number; w?: number; bias?: number; terms: Terms; outputs: number };
/** Terms of a sum, in the arena. */
export type Terms = { address: number; count: number };

/** @param terms offsets of x in units, and of w */
export function termsOf(arena: Arena, terms: readonly (readonly [x: number, w: number])[], wSize = PARAMETER): Terms {
  return { address: arena.table(terms.flatMap(([x, w]) => [UNIT * x, wSize * w])), count: terms.length };
}

export function positionsOf(arena: Arena, positions: readonly Position[], wSize = PARAMETER): number {
  return arena.table(
    positions.flatMap(({ target, x, w = 0, bias = 0, terms, outputs }) => [
      UNIT * target,
      UNIT * x,
      wSize * w,
      PARAMETER * bias,
      terms.address,
      terms.count,
      outputs,
      0,
    ]),
  );
}

/** [offset of d or of a g, offset of x or of a g], in units */
export const pairsOf = (arena: Arena, pairs: readonly (readonly [number, number])[]): number =>
  arena.table(pairs.flatMap(([first, second]) => [UNIT * first, UNIT * second]));

/** 0 .. count - 1 */
export const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/**
 * z[t][j] = b[j] + sum over i ascending of w[j][i] x[t][i], at `tokens` positions t
 *
 * @param own the biases of each position are its own: b[t][j]
 * @param from the first of the positions of x
 */
export function linear(
  arena: Arena,
  {
    inputs,
    outputs,
    tokens = 1,
    from = 0,
    own = false,
  }: { inputs: number; outputs: number; tokens?: number; from?: number; own?: boolean },
): Affine {
  const weights = inputs * outputs;
  const places = range(tokens).map((t) => ({ t, x: (from + t) * inputs, bias: weights + (own ? t * outputs : 0) }));
  const forward = termsOf(
    arena,
    range(inputs).map((i) => [i, i]),
  );
  const backward = termsOf(
    arena,
    range(outputs).map((j) => [j, j * inputs]),
  );
  return {
    units: tokens * outputs,
    isPartial: from > 0,
    forward: {
      positions: positionsOf(
        arena,
        places.map(({ t, x, bias }) => ({ target: t * outputs, x, bias, terms: forward, outputs })),
      ),
      count: tokens,
      targetStep: UNIT,
      wStep: PARAMETER * inputs,
    },
    backward: {
      positions: positionsOf(
        arena,
        places.map(({ t, x }) => ({ target: x, x: t * outputs, terms: backward, outputs: inputs })),
      ),
      count: tokens,
      targetStep: UNIT,
      wStep: PARAMETER,
    },
    weights: [
      {
        positions: pairsOf(
          arena,
          places.map(({ t, x }) => [t * outputs, x]),
        ),
        count: tokens,
        offset: 0,
        outputs,
        dStep: UNIT,
        gOutputStep: UNIT * inputs,
        inputs,
        xStep: UNIT,
        gInputStep: UNIT,
      },
    ],
    biases: {
      positions: pairsOf(
        arena,
        places.map(({ t, bias }) => [t * outputs, bias]),
      ),
      count: tokens,
      outputs,
      dStep: UNIT,
    },
  };
}

/**
 * z[o][y][x] = b[o] + sum over c, i, j ascending of w[o][c][i][j] h[c][y + i - 1][x + j - 1], over the places inside of the image; the deltas of h
 * likewise, the sum over o, i, j. The images are `side` x `side`.
 */
export function convolution(
  arena: Arena,
  { inputs, outputs, side }: { inputs: number; outputs: number; side: number },
): Affine {
  const area = side * side;
  const square = KERNEL * KERNEL;
  const kernel = range(square).map((k) => ({ k, dy: Math.floor(k / KERNEL) - 1, dx: (k % KERNEL) - 1 }));
  const isInside = (y: number, x: number) => y >= 0 && x >= 0 && y < side && x < side;
  const pixels = range(area).map((p) => ({ p, y: Math.floor(p / side), x: p % side }));
  // places at a border lack the same terms
  const border = (at: number) => (at === 0 ? 1 : 0) + (at === side - 1 ? 2 : 0);
  /** @param sign +1: what a kernel sees of its place; -1: the kernels that see a place */
  const tables = (sign: 1 | -1, channels: number, wChannel: number) => {
    const known = new Map<number, Terms>();
    return ({ y, x }: { y: number; x: number }): Terms => {
      const key = 4 * border(y) + border(x);
      const inside = kernel.filter(({ dy, dx }) => isInside(y + sign * dy, x + sign * dx));
      const terms =
        known.get(key) ??
        termsOf(
          arena,
          range(channels).flatMap((c) =>
            inside.map(({ k, dy, dx }) => [c * area + sign * (dy * side + dx), c * wChannel + k] as const),
          ),
        );
      known.set(key, terms);
      return terms;
    };
  };
  const seen = tables(1, inputs, square);
  const seeing = tables(-1, outputs, inputs * square);
  const bias = outputs * inputs * square;
  return {
    units: outputs * area,
    forward: {
      positions: positionsOf(
        arena,
        pixels.map((at) => ({ target: at.p, x: at.p, bias, terms: seen(at), outputs })),
      ),
      count: area,
      targetStep: UNIT * area,
      wStep: PARAMETER * inputs * square,
    },
    backward: {
      positions: positionsOf(
        arena,
        pixels.map((at) => ({ target: at.p, x: at.p, terms: seeing(at), outputs: inputs })),
      ),
      count: area,
      targetStep: UNIT * area,
      wStep: PARAMETER * square,
    },
    weights: kernel.map(({ k, dy, dx }) => {
      const inside = pixels.filter(({ y, x }) => isInside(y + dy, x + dx));
      return {
        positions: pairsOf(
          arena,
          inside.map(({ p }) => [p, p + dy * side + dx]),
        ),
        count: inside.length,
        offset: UNIT * k,
        outputs,
        dStep: UNIT * area,
        gOutputStep: UNIT * inputs * square,
        inputs,
        xStep: UNIT * area,
        gInputStep: UNIT * square,
      };
    }),
    biases: {
      positions: pairsOf(
        arena,
        pixels.map(({ p }) => [p, bias]),
      ),
      count: area,
      outputs,
      dStep: UNIT * area,
    },
  };
}
