import { KERNEL } from '../../../shared/mod.ts';
import type { MakeAffine } from './affine.ts';
import { UNIT } from './operations.ts';
import { pairsOf, positionsOf, range, type Terms, termsOf } from './tables.ts';

/** Positions that the gradients of all weights are summed over before the next ones. */
const BLOCK = 48;

/**
 * z[o][y][x] = b[o] + sum over c, i, j ascending of w[o][c][i][j] h[c][y + i - 1][x + j - 1], over the places inside of the image; the deltas of h
 * likewise, the sum over o, i, j. The images are `side` x `side`.
 */
export function convolution({ inputs, outputs, side }: { inputs: number; outputs: number; side: number }): MakeAffine {
  return (arena, parameter) => {
    const area = side * side;
    const square = KERNEL * KERNEL;
    const kernel = range(square).map((k) => ({ k, dy: Math.floor(k / KERNEL) - 1, dx: (k % KERNEL) - 1 }));
    const isInside = (y: number, x: number) => y >= 0 && x >= 0 && y < side && x < side;
    const pixels = range(area).map((p) => ({ p, y: Math.floor(p / side), x: p % side }));
    // places at a border lack the same terms
    const border = (at: number) => (at === 0 ? 1 : 0) + (at === side - 1 ? 2 : 0);
    const borders = ({ y, x }: { y: number; x: number }) => 4 * border(y) + border(x);
    /** @param sign +1: what a kernel sees of its place; -1: the kernels that see a place */
    const tables = (sign: 1 | -1, channels: number, wChannel: number) => {
      const known = new Map<number, Terms>();
      return (at: { y: number; x: number }): Terms => {
        const key = borders(at);
        const inside = kernel.filter(({ dy, dx }) => isInside(at.y + sign * dy, at.x + sign * dx));
        const terms =
          known.get(key) ??
          termsOf(
            arena,
            range(channels).flatMap((c) =>
              inside.map(({ k, dy, dx }) => [c * area + sign * (dy * side + dx), c * wChannel + k] as const),
            ),
            parameter,
          );
        known.set(key, terms);
        return terms;
      };
    };
    const seen = tables(1, inputs, square);
    const seeing = tables(-1, outputs, inputs * square);
    const bias = outputs * inputs * square;
    // those with the same terms one after the other: the kernels take several at once
    const sorted = pixels.toSorted((a, b) => borders(a) - borders(b));
    // some rows at a time: what several outputs and inputs need of a block stays in a first-level cache
    const rows = Math.max(1, Math.round(BLOCK / side));
    const blocks = range(Math.ceil(side / rows)).map((b) => pixels.slice(b * rows * side, (b + 1) * rows * side));
    return {
      units: outputs * area,
      forward: {
        positions: positionsOf(
          arena,
          sorted.map((at) => ({ target: at.p, x: at.p, bias, terms: seen(at), outputs })),
          parameter,
        ),
        count: area,
        targetStep: UNIT * area,
        wStep: parameter * inputs * square,
      },
      backward: {
        positions: positionsOf(
          arena,
          sorted.map((at) => ({ target: at.p, x: at.p, terms: seeing(at), outputs: inputs })),
          parameter,
        ),
        count: area,
        targetStep: UNIT * area,
        wStep: parameter * square,
      },
      weights: blocks.flatMap((block) =>
        kernel.map(({ k, dy, dx }) => {
          const inside = block.filter(({ y, x }) => isInside(y + dy, x + dx));
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
      ),
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
  };
}
