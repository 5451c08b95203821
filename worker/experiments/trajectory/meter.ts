import { columnOf, type Matrix, type Scope, type Solver, sharpnessColumn } from '../../../shared/mod.ts';
import {
  allFinite,
  davidson,
  KEPT,
  lanczos,
  type Multiply,
  norm,
  normalVector,
  power,
  type Ritz,
  type Solution,
  type Solving,
  solve,
  withShare,
} from '../../eigen/mod.ts';
import type { Objective } from '../../engines/mod.ts';
import type { Vectors } from './point.ts';

/** The random part of a warm start, relative to the last eigenvector: what it lacks would never be found. */
const FRESH_SHARE = 0.1;
/** Start vectors have names by (rung, part): an iteration, from 1, or 0, or from here on those for an exhausted space. */
const EXHAUSTED = 2 ** 31;
/** More than a task may ask eigenvalues of one block. */
const PARTS_A_BLOCK = 1001;

/** Measures the largest eigenvalues of a matrix and its blocks; remembers the eigenvectors that it found last. */
export class EigenMeter {
  readonly #parameters: Pick<Objective, 'blocks' | 'size'>;
  readonly #solver: Solver;
  readonly #name: { seed: number; run: number };
  readonly #random = new Map<Scope, Float64Array>();
  readonly #vectors: Vectors;
  readonly #matrix: Matrix;
  readonly #prefix: string;

  /** @param options.vectors where the eigenvectors are kept, and may be already, under the names of the eigenvalues' columns after the prefix */
  constructor(
    parameters: Pick<Objective, 'blocks' | 'size'>,
    solver: Solver,
    name: { seed: number; run: number },
    {
      vectors = new Map(),
      matrix = 'hessian',
      prefix = '',
    }: { vectors?: Vectors; matrix?: Matrix; prefix?: string } = {},
  ) {
    this.#parameters = parameters;
    this.#solver = solver;
    this.#name = name;
    this.#vectors = vectors;
    this.#matrix = matrix;
    this.#prefix = prefix;
  }

  /** @param multiply products with the matrix, or with its block of one layer */
  measure(multiply: Multiply, blocks: readonly Scope[], iteration: number): Solution[] {
    const problems = blocks.map((layer) => ({ layer, solving: this.#start(layer, iteration) }));
    const solutions = solve(multiply, problems);
    for (const [i, block] of blocks.entries()) {
      const { vector, ritz } = solutions[i];
      // what is not finite would spoil every later start
      if (!allFinite(vector)) continue;
      this.#vectors.set(this.#vectorName(block), vector);
      if (ritz === undefined) continue;
      const [values, vectors] = this.#ritzNames(block);
      const all = new Float64Array(ritz.vectors.length * vector.length);
      for (const [k, one] of ritz.vectors.entries()) all.set(one, k * vector.length);
      this.#vectors.set(values, Float64Array.from(ritz.values));
      this.#vectors.set(vectors, all);
    }
    return solutions;
  }

  #vectorName(block: Scope): string {
    return `${this.#prefix}${columnOf(sharpnessColumn(this.#matrix), block)}`;
  }

  #ritzNames(block: Scope): [values: string, vectors: string] {
    const name = this.#vectorName(block);
    return [`${name}_ritz_values`, `${name}_ritz`];
  }

  /** The pairs found last, of which Davidson's method needs two. */
  #known(block: Scope): Ritz | undefined {
    const [values, all] = this.#ritzNames(block).map((name) => this.#vectors.get(name));
    if (values === undefined || all === undefined || values.length < 2) return undefined;
    const length = all.length / values.length;
    const vectors = Array.from(values, (_, k) => (all as Float64Array).subarray(k * length, (k + 1) * length));
    return { values: [...values], vectors };
  }

  #start(block: Scope, iteration: number): Solving {
    const { blocks, size } = this.#parameters;
    const length = block === 'all' ? size : blocks[block].length;
    const draw = (rung: number, k = 0) => {
      const part = (block === 'all' ? 0 : block + 1) * PARTS_A_BLOCK + k;
      return normalVector(length, { ...this.#name, rung, part });
    };
    const { kind, tolerance, maxProducts, top } = this.#solver;
    if (kind === 'power') {
      // PyHessian draws anew for each measurement
      const starts = Array.from({ length: top }, (_, k) => draw(iteration, k));
      return power(starts, { count: top, tolerance, maxProducts });
    }
    const { bothEnds } = this.#solver;
    const fresh = (m: number) => draw(EXHAUSTED + m);
    // P turns the eigenvectors from one measurement to the next; of several eigenvalues, or at both ends, Lanczos finds them all at once
    const isTurned = this.#matrix === 'preconditioned' && top === 1 && !bothEnds;
    const known = isTurned ? this.#known(block) : undefined;
    if (known !== undefined) return davidson(known, this.#randomOf(block, draw), fresh, { tolerance, maxProducts });
    const options = { count: top, bothEnds, tolerance, maxProducts, keep: isTurned ? KEPT : 0 };
    return lanczos(this.#warmStart(block, draw), fresh, options);
  }

  /** The last eigenvector, with a part of a random vector that stays the same; the latter alone at first. */
  #warmStart(block: Scope, draw: (rung: number) => Float64Array): Float64Array {
    const random = this.#randomOf(block, draw);
    const last = this.#vectors.get(this.#vectorName(block));
    return last === undefined ? random : withShare(last, FRESH_SHARE, random);
  }

  /** Of norm 1, the same at every measurement. */
  #randomOf(block: Scope, draw: (rung: number) => Float64Array): Float64Array {
    const known = this.#random.get(block);
    if (known !== undefined) return known;
    const drawn = draw(0);
    const length = norm(drawn);
    const random = drawn.map((x) => x / length);
    this.#random.set(block, random);
    return random;
  }
}
