import { createHash } from 'node:crypto';

/** What was recorded of a training: columns of one value for each iteration, NaN where something was not measured. */
export type Series = { rows: number; columns: ReadonlyMap<string, Float64Array> };

/** Names of columns. `of` is the whole network without a suffix, or a layer, the first one 1. */
export const COLUMNS = {
  iteration: 'iteration',
  loss: 'loss',
  /** of all examples, where the steps are of batches: at measurements */
  fullLoss: 'full_loss',
  /** of schemes with one step size for all layers; those of other schemes have `of` a layer */
  stepSize: 'step_size',
  gradientNorm: 'gradient_norm',
  /** cumulative cost of the optimiser in gradients, see `trajectoryResultSchema` */
  cost: 'cost',
  /** largest eigenvalue of the Hessian, or of a layer's block */
  sharpness: 'sharpness',
} as const;

export const layerColumn = (name: string, layer: number): string => `${name}_layer_${layer}`;

/** The whole network, or a layer by its index from 0. */
export type Scope = 'all' | number;

export const columnOf = (name: string, block: Scope): string => (block === 'all' ? name : layerColumn(name, block + 1));

/** The whole network alone, or with each of its layers. */
export const scopesOf = (depth: number, layers: boolean): Scope[] =>
  layers ? ['all', ...Array.from({ length: depth }, (_, l) => l)] : ['all'];

/** The k-th largest eigenvalue, k from 1: the first is the sharpness. */
const largestColumn = (k: number): string => (k === 1 ? COLUMNS.sharpness : `eigenvalue_${k}`);
/** The k-th smallest eigenvalue, k from 1. */
const smallestColumn = (k: number): string => `smallest_eigenvalue_${k}`;

/** Matrices whose eigenvalues are recorded, with what the names of their columns begin with. */
export const MATRICES = { hessian: '', preconditioned: 'preconditioned_', gaussNewton: 'gauss_newton_' } as const;
export type Matrix = keyof typeof MATRICES;

/** Names of the columns of one eigenvalue of a block. */
export function eigenvalueColumns(
  matrix: Matrix,
  block: Scope,
  { end, k }: { end: 'largest' | 'smallest'; k: number },
) {
  const name = `${MATRICES[matrix]}${end === 'largest' ? largestColumn(k) : smallestColumn(k)}`;
  return {
    value: columnOf(name, block),
    residual: columnOf(`${name}_residual`, block),
    converged: columnOf(`${name}_converged`, block),
  };
}

/** The largest eigenvalue of the whole network. */
export const sharpnessColumn = (matrix: Matrix): string =>
  eigenvalueColumns(matrix, 'all', { end: 'largest', k: 1 }).value;

/** Products of the matrix with vectors that the eigenvalues of a block took. */
export const productsColumn = (matrix: Matrix, block: Scope): string => columnOf(`${MATRICES[matrix]}products`, block);

/** The columns of the eigenvalues of some blocks of a matrix, in order. */
export function matrixColumns(
  matrix: Matrix,
  blocks: readonly Scope[],
  { top, bothEnds }: { top: number; bothEnds: boolean },
): string[] {
  const places = (['largest', 'smallest'] as const)
    .filter((end) => end === 'largest' || bothEnds)
    .flatMap((end) => Array.from({ length: top }, (_, k) => ({ end, k: k + 1 })));
  return blocks.flatMap((block) => [
    ...places.flatMap((place) => Object.values(eigenvalueColumns(matrix, block, place))),
    productsColumn(matrix, block),
  ]);
}

/** Means over batches and their standard errors, see `gauges/batches.ts`. */
export const BATCH_COLUMNS = {
  ofRatios: { value: 'batch_sharpness', error: 'batch_sharpness_error' },
  ofMeans: { value: 'batch_sharpness_of_means', error: 'batch_sharpness_of_means_error' },
  largest: { value: 'batch_eigenvalue', error: 'batch_eigenvalue_error' },
} as const;

/**
 * SHA-256 of the values: of each column in order its name, a zero byte, and its values as little-endian float64, every NaN as
 * 0x7ff8000000000000. It does not depend on the file that holds them.
 */
export function seriesDigest({ rows, columns }: Series): string {
  const hash = createHash('sha256');
  for (const [name, values] of columns) {
    const bytes = new DataView(new ArrayBuffer(8 * rows));
    for (let row = 0; row < rows; row++) {
      const value = values[row];
      if (Number.isNaN(value)) bytes.setBigUint64(8 * row, 0x7ff8000000000000n, true);
      else bytes.setFloat64(8 * row, value, true);
    }
    hash.update(`${name}\0`).update(bytes);
  }
  return hash.digest('hex');
}
