import { z } from 'zod';
import { lazily, type Parsed } from './lazily.ts';
import { count, LIMITS } from './limits.ts';

const solverKeys = () => ({
  /** on the residual norm, relative to the eigenvalue */
  tolerance: z.number().min(1e-7).max(0.5),
  maxProducts: count(LIMITS.products),
  /** number of largest eigenvalues */
  top: count(LIMITS.eigenvalues),
});

/** How eigenvalues of the Hessian are found, see `worker/eigen`. */
export const solverSchema = lazily(() =>
  z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('lanczos'),
      ...solverKeys(),
      /** also as many from the smallest up */
      bothEnds: z.boolean(),
    }),
    z.strictObject({ kind: z.literal('power'), ...solverKeys() }),
  ]),
);
export type Solver = Parsed<typeof solverSchema>;

/** Which eigenvalues a solver finds. */
export const endsOf = (solver: Solver): { top: number; bothEnds: boolean } => ({
  top: solver.top,
  bothEnds: solver.kind === 'lanczos' && solver.bothEnds,
});

/** Products of one measurement of a block, typically: the first takes more. */
export const TYPICAL_PRODUCTS = { lanczos: 8, power: 20 } as const;
