import type { Direction } from '../engines/objective.ts';

/** An eigenvalue with the norm of H u - value u, u of norm 1, and whether the solver's rule was met. */
export type EigenPair = { value: number; residual: number; converged: boolean };

/** Approximate eigenpairs of a matrix; values descending, vectors orthonormal. */
export type Ritz = { values: readonly number[]; vectors: readonly Float64Array[] };

export type Solution = {
  /** descending */
  largest: EigenPair[];
  /** ascending; empty unless asked for */
  smallest: EigenPair[];
  /** Hessian-vector products used */
  products: number;
  /** eigenvector of the first of `largest`, to start from the next time */
  vector: Float64Array;
  /** the largest Ritz pairs, where they are kept */
  ritz?: Ritz;
};

/**
 * A method in the course of its work: yields vectors, takes the products of the matrix with them, and comes to T. Both may be written over once it
 * has yielded the next vector: memory is taken once in a search, not for each product.
 */
export type Asking<T> = Generator<Float32Array, T, Float32Array>;
export type Solving = Asking<Solution>;

/** Writes products of a symmetric matrix, or of its blocks, with vectors. */
export type Multiply = (directions: readonly Direction[]) => void;

export type MatrixProblem<T> = { layer: Direction['layer']; solving: Asking<T> };

/** Solves several problems of a matrix side by side: in each round the vectors of all that are not finished are multiplied together. */
export function solve<T>(multiply: Multiply, problems: readonly MatrixProblem<T>[]): T[] {
  const solutions: T[] = [];
  const open: { direction: Direction; solving: Asking<T>; index: number }[] = [];
  for (const [index, { layer, solving }] of problems.entries()) {
    const { done, value } = solving.next();
    if (done) solutions[index] = value;
    else open.push({ direction: { layer, vector: value, product: new Float32Array(value.length) }, solving, index });
  }
  while (open.length > 0) {
    multiply(open.map(({ direction }) => direction));
    for (const problem of open.splice(0)) {
      const { direction, solving, index } = problem;
      const { done, value } = solving.next(direction.product);
      if (done) solutions[index] = value;
      else {
        direction.vector = value;
        open.push(problem);
      }
    }
  }
  return solutions;
}
