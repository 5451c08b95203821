import { columnOf, type Matrix, type Scope, type Solver, sharpnessColumn } from '../../../shared/mod.ts';
import {
  lanczos,
  type Multiply,
  norm,
  normalVector,
  power,
  type Solution,
  type Solving,
  solve,
} from '../../eigen/mod.ts';
import type { Objective } from '../../engines/mod.ts';
import type { Vectors } from './point.ts';

/** The random part of a warm start, relative to the last eigenvector: what it lacks would never be found. */
const FRESH_SHARE = 0.1;
/**
 * That of the preconditioned Hessian, whose eigenvectors turn more between two measurements: of Adam at its edge, measured every 10
 * iterations, it takes a seventh fewer products than the share above, and misses the largest eigenvalue about as seldom (3 of 600
 * measurements by more than 0.1 %; measured every 2 iterations over the first 2000, 14 of 1000).
 */
const PRECONDITIONED_FRESH_SHARE = 0.03;
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
      const { vector } = solutions[i];
      // what is not finite would spoil every later start
      if (vector.every(Number.isFinite)) this.#vectors.set(this.#vectorName(block), vector);
    }
    return solutions;
  }

  #vectorName(block: Scope): string {
    return `${this.#prefix}${columnOf(sharpnessColumn(this.#matrix), block)}`;
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
    const options = { count: top, bothEnds: this.#solver.bothEnds, tolerance, maxProducts };
    return lanczos(this.#warmStart(block, draw), (m) => draw(EXHAUSTED + m), options);
  }

  /** The last eigenvector, with a part of a random vector that stays the same; the latter alone at first. */
  #warmStart(block: Scope, draw: (rung: number) => Float64Array): Float64Array {
    let random = this.#random.get(block);
    if (random === undefined) {
      random = draw(0);
      const length = norm(random);
      random = random.map((x) => x / length);
      this.#random.set(block, random);
    }
    const fresh = random;
    const share = this.#matrix === 'preconditioned' ? PRECONDITIONED_FRESH_SHARE : FRESH_SHARE;
    const last = this.#vectors.get(this.#vectorName(block));
    return last === undefined ? fresh : Float64Array.from(last, (x, i) => x + share * fresh[i]);
  }
}
