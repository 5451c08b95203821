import type { Scope } from '../../../shared/mod.ts';
import { dot, lanczos, norm, normalVector, solve } from '../../eigen/mod.ts';
import type { BatchObjective, Direction } from '../../engines/mod.ts';

/** A mean over batches with its standard error, that of independent batches. NaN where there is none. */
export type Mean = { value: number; error: number };

/** Of the batches B of one measurement, g_B and H_B the gradient and the Hessian of the loss of B, or a layer's parts of them. */
export type BatchMeans = {
  /** mean of g_B' H_B g_B / |g_B|^2 over the batches whose gradient is not 0: the others make no move */
  ofRatios: Mean;
  /** mean of g_B' H_B g_B, over the mean of |g_B|^2 */
  ofMeans: Mean;
  /** mean of the largest eigenvalue of H_B */
  largest?: Mean;
};

export type BatchOptions = {
  /** batches, at least 2 */
  count: number;
  /** of how many of them the largest eigenvalue is found */
  eigenvalues: number;
  tolerance: number;
  maxProducts: number;
};

/** The random part of the start vector of an eigenproblem, relative to the gradient: what it lacks would never be found. */
const RANDOM_SHARE = 0.1;

/** Curvature along the gradients of batches. */
export class BatchMeter {
  readonly #objective: BatchObjective;
  readonly #batch: (iteration: number, k: number) => Int32Array;
  readonly #name: { seed: number; run: number };
  readonly #options: BatchOptions;
  readonly #gradient: Float32Array;
  readonly #random = new Map<Scope, Float64Array>();

  /** @param batch the rows of batch k of an iteration */
  constructor(
    objective: BatchObjective,
    batch: (iteration: number, k: number) => Int32Array,
    name: { seed: number; run: number },
    options: BatchOptions,
  ) {
    this.#objective = objective;
    this.#batch = batch;
    this.#name = name;
    this.#options = options;
    this.#gradient = new Float32Array(objective.size);
  }

  /**
   * At w, for each block. Sums over parameters and over batches are float64 and ascending.
   * @returns also the Hessian-vector products used
   */
  measure(w: Float32Array, blocks: readonly Scope[], iteration: number): { means: BatchMeans[]; products: number } {
    const { count, eigenvalues } = this.#options;
    const pairs = blocks.map((): Pair[] => []);
    const largest = blocks.map((): number[] => []);
    let products = 0;
    for (let k = 0; k < count; k++) {
      this.#objective.select(this.#batch(iteration, k));
      this.#objective.evaluate(w, this.#gradient);
      const directions = blocks.map((block) => this.#along(block));
      this.#objective.multiply(directions);
      products += blocks.length;
      directions.forEach(({ vector, product }, i) => {
        pairs[i].push({ curvature: dot(vector, product), square: dot(vector, vector) });
      });
      if (k >= eigenvalues) continue;
      for (const [i, solution] of this.#solve(directions).entries()) {
        largest[i].push(solution.largest[0].value);
        products += solution.products;
      }
    }
    const means = pairs.map((ofBlock, i) => ({
      ofRatios: meanOf(ofBlock.filter(({ square }) => square > 0).map(({ curvature, square }) => curvature / square)),
      ofMeans: ratioOfMeans(ofBlock),
      ...(eigenvalues > 0 && { largest: meanOf(largest[i]) }),
    }));
    return { means, products };
  }

  #along(block: Scope): Direction {
    if (block === 'all') return direction(block, this.#gradient);
    const { offset, length } = this.#objective.blocks[block];
    return direction(block, this.#gradient.subarray(offset, offset + length));
  }

  /** The largest eigenvalues of the batch that is selected; each search starts near the gradient. */
  #solve(directions: readonly Direction[]) {
    const { tolerance, maxProducts } = this.#options;
    const problems = directions.map(({ layer, vector }) => {
      const draw = (rung: number) =>
        normalVector(vector.length, { ...this.#name, rung, part: layer === 'all' ? 0 : layer + 1 });
      const random = this.#random.get(layer) ?? draw(0);
      this.#random.set(layer, random);
      const [length, share] = [norm(vector), RANDOM_SHARE / norm(random)];
      const start = random.map((x, i) => share * x + (length > 0 ? vector[i] / length : 0));
      return { layer, solving: lanczos(start, draw, { count: 1, bothEnds: false, tolerance, maxProducts }) };
    });
    return solve((asked) => this.#objective.multiply(asked), problems);
  }
}

function direction(layer: Scope, vector: Float32Array): Direction {
  return { layer, vector, product: new Float32Array(vector.length) };
}

/** g' H g and |g|^2. */
type Pair = { curvature: number; square: number };

/** The mean, and the standard deviation (n - 1) over the square root of n. */
export function meanOf(values: readonly number[]): Mean {
  const n = values.length;
  const value = sum(values) / n;
  return { value, error: Math.sqrt(sum(values.map((x) => (x - value) * (x - value))) / (n * (n - 1))) };
}

/** R = mean x / mean y, and its standard error to first order: that of the mean of (x - R y) / mean y. */
export function ratioOfMeans(pairs: readonly Pair[]): Mean {
  const n = pairs.length;
  const square = sum(pairs.map((pair) => pair.square));
  const value = sum(pairs.map(({ curvature }) => curvature)) / square;
  const rests = pairs.map((pair) => pair.curvature - value * pair.square);
  const squares = sum(rests.map((rest) => rest * rest));
  return { value, error: (Math.sqrt(squares / (n * (n - 1))) * n) / square };
}

const sum = (values: readonly number[]): number => values.reduce((total, x) => total + x, 0);
