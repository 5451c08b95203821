import type { MakeAffine } from './affine.ts';
import { UNIT } from './operations.ts';
import { pairsOf, positionsOf, range, termsOf } from './tables.ts';

/**
 * z[t][j] = b[j] + sum over i ascending of w[j][i] x[t][i], at `tokens` positions t
 *
 * @param own the biases of each position are its own: b[t][j]
 * @param from the first of the positions of x
 */
export function linear({
  inputs,
  outputs,
  tokens = 1,
  from = 0,
  own = false,
}: {
  inputs: number;
  outputs: number;
  tokens?: number;
  from?: number;
  own?: boolean;
}): MakeAffine {
  return (arena, parameter) => {
    const weights = inputs * outputs;
    const places = range(tokens).map((t) => ({ t, x: (from + t) * inputs, bias: weights + (own ? t * outputs : 0) }));
    const forward = termsOf(
      arena,
      range(inputs).map((i) => [i, i]),
      parameter,
    );
    const backward = termsOf(
      arena,
      range(outputs).map((j) => [j, j * inputs]),
      parameter,
    );
    return {
      units: tokens * outputs,
      isPartial: from > 0,
      forward: {
        positions: positionsOf(
          arena,
          places.map(({ t, x, bias }) => ({ target: t * outputs, x, bias, terms: forward, outputs })),
          parameter,
        ),
        count: tokens,
        targetStep: UNIT,
        wStep: parameter * inputs,
      },
      backward: {
        positions: positionsOf(
          arena,
          places.map(({ t, x }) => ({ target: x, x: t * outputs, terms: backward, outputs: inputs })),
          parameter,
        ),
        count: tokens,
        targetStep: UNIT,
        wStep: parameter,
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
  };
}
