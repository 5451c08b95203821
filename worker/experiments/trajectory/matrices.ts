import type { Matrix } from '../../../shared/mod.ts';
import type { Multiply } from '../../eigen/mod.ts';
import type { Direction } from '../../engines/objective.ts';
import type { Point } from './point.ts';

type Place = Pick<Point, 'objective' | 'preconditioner'>;

/** Products with the matrices whose eigenvalues are recorded, at a point. */
export const MATRICES: { readonly [Name in Matrix]: (place: Place) => Multiply } = {
  hessian:
    ({ objective }) =>
    (directions) =>
      objective.multiply(directions),
  preconditioned: preconditionedHessian,
  gaussNewton:
    ({ objective }) =>
    (directions) =>
      objective.multiply(directions.map((direction) => ({ ...direction, matrix: 'gauss-newton' }))),
};

/**
 * P^-1/2 H P^-1/2, P the diagonal by which the optimiser divides: a vector is multiplied by 1 / sqrt(P) in float64 and rounded to float32,
 * so is the product.
 */
function preconditionedHessian({ objective, preconditioner }: Place): Multiply {
  if (preconditioner === undefined) throw new Error('the optimiser has no preconditioner');
  const inverseRoots = new Float64Array(preconditioner);
  for (let k = 0; k < inverseRoots.length; k++) inverseRoots[k] = 1 / Math.sqrt(inverseRoots[k]);
  const rangeOf = ({ layer }: Direction) =>
    layer === 'all' ? { offset: 0, length: objective.size } : objective.blocks[layer];
  // memory for each direction, which `solve` keeps from one product to the next
  const divided = new Map<Direction, Float32Array>();
  return (directions) => {
    const scaled = directions.map((direction) => {
      const { layer, vector, product } = direction;
      const { offset, length } = rangeOf(direction);
      const by = divided.get(direction) ?? new Float32Array(length);
      divided.set(direction, by);
      for (let k = 0; k < length; k++) by[k] = vector[k] * inverseRoots[offset + k];
      return { layer, vector: by, product };
    });
    objective.multiply(scaled);
    for (const direction of directions) {
      const { product } = direction;
      const { offset } = rangeOf(direction);
      for (let k = 0; k < product.length; k++) product[k] *= inverseRoots[offset + k];
    }
  };
}
