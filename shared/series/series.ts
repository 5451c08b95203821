import { createHash } from 'node:crypto';

/** What was recorded of a training: columns of one value for each iteration, NaN where something was not measured. */
export type Series = { rows: number; columns: ReadonlyMap<string, Float64Array> };

/** Names of columns. `of` is the whole network without a suffix, or a layer, the first one 1. */
export const COLUMNS = {
  iteration: 'iteration',
  loss: 'loss',
  /** of schemes with one step size for all layers; those of other schemes have `of` a layer */
  stepSize: 'step_size',
  gradientNorm: 'gradient_norm',
  /** cumulative cost of the optimiser in gradients, see `trajectoryResultSchema` */
  cost: 'cost',
  /** largest eigenvalue of the Hessian, or of a layer's block */
  sharpness: 'sharpness',
} as const;

export const layerColumn = (name: string, layer: number): string => `${name}_layer_${layer}`;

/** The k-th largest eigenvalue, k from 1: the first is the sharpness. */
export const largestColumn = (k: number): string => (k === 1 ? COLUMNS.sharpness : `eigenvalue_${k}`);
/** The k-th smallest eigenvalue, k from 1. */
export const smallestColumn = (k: number): string => `smallest_eigenvalue_${k}`;
/** Beside each eigenvalue. */
export const residualColumn = (eigenvalue: string): string => `${eigenvalue}_residual`;
export const convergedColumn = (eigenvalue: string): string => `${eigenvalue}_converged`;
/** Hessian-vector products of a measurement. */
export const PRODUCTS = 'products';

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
