import { z } from 'zod';
import { count, LIMITS } from './limits.ts';

const tolerance = z.number().min(1e-7).max(0.5);
const maxProducts = count(LIMITS.products);
const top = count(LIMITS.eigenvalues);

/** How eigenvalues of the Hessian are found, see `worker/eigen`. */
export const solverSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('lanczos'),
    /** on the residual norm, relative to the eigenvalue */
    tolerance,
    maxProducts,
    /** number of largest eigenvalues */
    top,
    /** also as many from the smallest up */
    bothEnds: z.boolean(),
  }),
  z.strictObject({ kind: z.literal('power'), tolerance, maxProducts, top }),
]);
export type Solver = z.infer<typeof solverSchema>;

/** Which eigenvalues a solver finds. */
export const endsOf = (solver: Solver): { top: number; bothEnds: boolean } => ({
  top: solver.top,
  bothEnds: solver.kind === 'lanczos' && solver.bothEnds,
});

/** Products of one measurement of a block, typically: the first takes more. */
export const TYPICAL_PRODUCTS = { lanczos: 8, power: 20 } as const;
