import { z } from 'zod';
import { lazily } from '../lazily.ts';
import { solverSchema } from '../solver.ts';
import { DEFAULTS, SOLVER_DEFAULTS } from './defaults.ts';
import { mapping } from './shapes.ts';

const solvers = () => {
  const [lanczos, power] = solverSchema().options;
  const { tolerance, maxProducts, top, bothEnds } = SOLVER_DEFAULTS;
  const solverKeys = {
    tolerance: power.shape.tolerance.default(tolerance),
    maxProducts: power.shape.maxProducts
      .default(maxProducts)
      .describe('maximum number of Hessian-vector products per measurement'),
    top: power.shape.top.default(top).describe('number of largest eigenvalues'),
  };
  return z.discriminatedUnion(
    'kind',
    [
      mapping({
        kind: z.literal('lanczos').describe('largest eigenvalues, up to a relative residual'),
        ...solverKeys,
        bothEnds: lanczos.shape.bothEnds
          .default(bothEnds)
          .describe('also compute the same number of smallest eigenvalues'),
      }),
      mapping({
        kind: z
          .literal('power')
          .describe("PyHessian's power iteration: largest magnitude, stops when the value settles"),
        ...solverKeys,
      }),
    ],
    { error: ({ code }) => (code === 'invalid_union' ? 'lanczos, power' : undefined) },
  );
};

/** How a sweep file names an eigenvalue solver. */
export const solverKey = lazily(() =>
  solvers().prefault({ kind: DEFAULTS.trajectory.solver.kind }).describe('eigenvalue solver for the Hessian'),
);
