import { z } from 'zod';
import { edgeOf, optimizerLabel } from '../optimizer.ts';
import { schemeOf } from '../schemes/mod.ts';
import { matrixColumns, scopesOf } from '../series/series.ts';
import { endsOf } from '../solver.ts';
import { TRAJECTORY_2 } from '../vocabulary.ts';
import { defineGauge, eigenvalueCost } from './gauge.ts';

/**
 * Largest eigenvalues of P^-1/2 H P^-1/2, P the diagonal that the optimiser divides by (Cohen et al. 2022, "Adaptive gradient methods at
 * the edge of stability"). P is that of the step to come: the gradient of the iteration is in it.
 */
export const preconditioned = defineGauge({
  name: 'preconditioned',
  describe:
    'of adam and rmsprop: also measure the sharpness that their step size bounds, that of the Hessian divided by P',
  schema: () => z.literal(true),
  written: () => z.boolean(),
  implied: (cell) => edgeOf(cell).matrix === 'preconditioned' && schemeOf(cell.scheme).measures,
  // Davidson's method instead of Lanczos
  arithmetic: TRAJECTORY_2,
  columns({ depth, scheme, trajectory: { layers, solver } }) {
    return matrixColumns('preconditioned', scopesOf(depth, layers || schemeOf(scheme).layered), endsOf(solver));
  },
  cost: eigenvalueCost,
  panels: ['preconditioned-sharpness'],
  fault(cell) {
    if (edgeOf(cell).matrix === 'preconditioned') return undefined;
    return {
      message: 'the optimiser has no preconditioner',
      expected: 'optimizer adam or rmsprop',
      got: `optimizer ${optimizerLabel(cell.optimizer ?? { kind: 'sgd' })}`,
      fix: 'remove `preconditioned`: the sharpness itself is measured anyway; or put these optimisers into a separate sweep',
    };
  },
});
