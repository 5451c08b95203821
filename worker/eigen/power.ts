import type { EigenPair, Solving } from './solver.ts';
import { addMultiple, dot, norm, scale } from './vectors.ts';

export type PowerOptions = {
  /** how many eigenvalues; each after the first orthogonally to those before it */
  count: number;
  /** on the relative change of the value from one iteration to the next */
  tolerance: number;
  /** iterations for each value */
  maxProducts: number;
};

/** What is added to norms and magnitudes, against division by 0. */
const EPSILON = 1e-6;

/**
 * Power iteration by the rule of PyHessian (Yao et al. 2020), with which the thesis measures sharpness: lambda = v'Hv, then
 * v = Hv / (|Hv| + 1e-6), until the value changes by less than `tolerance` of itself; the value **before** the last change is the
 * result. It finds the eigenvalue of the largest magnitude, with its sign: early in training that may be a negative one. The rule
 * says nothing of how near the value is: it reads low, by 1 % in the median. The residual |Hv - lambda v| that is reported is of the
 * last iteration, and `converged` says that the rule stopped before `maxProducts`.
 *
 * @param starts one standard normal vector for each value
 */
export function* power(starts: readonly Float64Array[], { count, tolerance, maxProducts }: PowerOptions): Solving {
  const found: Float64Array[] = [];
  const largest: EigenPair[] = [];
  let products = 0;
  for (let k = 0; k < count; k++) {
    let v = Float64Array.from(starts[k]);
    normalize(v);
    let value: number | undefined;
    let pair: EigenPair = { value: Number.NaN, residual: Number.NaN, converged: false };
    for (let i = 0; i < maxProducts; i++) {
      if (found.length > 0) {
        for (const earlier of found) addMultiple(v, -dot(earlier, v), earlier);
        normalize(v);
      }
      const product = yield Float32Array.from(v);
      products += 1;
      const estimate = dot(v, product);
      const rest = Float64Array.from(product);
      addMultiple(rest, -estimate, v);
      v = Float64Array.from(product);
      normalize(v);
      const converged = value !== undefined && Math.abs(value - estimate) / (Math.abs(value) + EPSILON) < tolerance;
      if (!converged) value = estimate;
      pair = { value: value as number, residual: norm(rest), converged };
      if (converged) break;
    }
    largest.push(pair);
    found.push(v);
  }
  return { largest, smallest: [], products, vector: found[0] };
}

function normalize(v: Float64Array): void {
  scale(v, 1 / (norm(v) + EPSILON));
}
