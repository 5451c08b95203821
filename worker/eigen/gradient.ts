import type { Objective } from '../engines/objective.ts';

/** The gradient of an eigenvalue with respect to all parameters, and how far the finite difference is off, element by element. */
export type EigenvalueGradient = { gradient: Float64Array; error: Float64Array };

/**
 * How far the parameters move along the eigenvector, which has norm 1, and twice that. A half or double of it changes the results of
 * networks of the sizes here by less than the estimated error; far smaller steps drown in the rounding of float32 products.
 */
const STEP = 2 ** -6;

/**
 * The gradient of lambda = u'Hu at w, D3L[u, u]: for a simple eigenvalue the change of u adds nothing, since u'u = 1. From central
 * differences D(h) = (H(w + h u) u - H(w - h u) u) / (2h) at h = STEP and 2 STEP, extrapolated (Richardson): D(h) + (D(h) - D(2h)) / 3. The
 * estimated error is |D(h) - D(2h)| / 3, that of D(h) without the extrapolation, which is the larger one.
 *
 * Four evaluations and four products. float64 from float32 products; w +- h u is rounded to float32. The objective is left at another
 * point than w.
 *
 * Where an activation has a kink, its jumps between w - h u and w + h u are part of the difference.
 *
 * @param u of norm 1
 */
export function eigenvalueGradient(objective: Objective, w: ArrayLike<number>, u: Float64Array): EigenvalueGradient {
  const at = new Float32Array(w.length);
  const vector = Float32Array.from(u);
  const slope = new Float32Array(w.length);
  const productAt = (move: number): Float32Array => {
    for (let i = 0; i < at.length; i++) at[i] = w[i] + move * u[i];
    objective.evaluate(at, slope);
    const product = new Float32Array(w.length);
    objective.multiply([{ layer: 'all', vector, product }]);
    return product;
  };
  const difference = (h: number): Float64Array => {
    const [ahead, behind] = [productAt(h), productAt(-h)];
    return Float64Array.from(ahead, (value, i) => (value - behind[i]) / (2 * h));
  };
  const [near, far] = [difference(STEP), difference(2 * STEP)];
  const thirds = near.map((value, i) => (value - far[i]) / 3);
  return { gradient: near.map((value, i) => value + thirds[i]), error: thirds.map(Math.abs) };
}
