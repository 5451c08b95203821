import type { Solver } from '../../../shared/mod.ts';
import { lanczos, normalVector, power, type Solution, type Solving, solve } from '../../eigen/mod.ts';
import type { Objective } from '../../engines/mod.ts';
import type { Scope } from './recorder.ts';

/** The random part of a warm start, relative to the last eigenvector: what it lacks would never be found. */
const FRESH_SHARE = 0.1;
/** Start vectors have names by (rung, part): an iteration, from 1, or 0, or from here on those for an exhausted space. */
const EXHAUSTED = 2 ** 31;
/** More than a task may ask eigenvalues of one block. */
const PARTS_A_BLOCK = 1001;

/** Measures sharpness; remembers the eigenvectors that it found last, by block. */
export class SharpnessMeter {
  readonly #objective: Objective;
  readonly #solver: Solver;
  readonly #name: { seed: number; run: number };
  readonly #random = new Map<Scope, Float64Array>();
  readonly #last: Map<Scope, Float64Array>;

  /** @param last eigenvectors of a checkpoint */
  constructor(
    objective: Objective,
    solver: Solver,
    name: { seed: number; run: number },
    last?: Map<Scope, Float64Array>,
  ) {
    this.#objective = objective;
    this.#solver = solver;
    this.#name = name;
    this.#last = last ?? new Map();
  }

  /** For a checkpoint. */
  get last(): ReadonlyMap<Scope, Float64Array> {
    return this.#last;
  }

  /** Eigenvalues of these blocks at the point of the objective's last `evaluate`. */
  measure(blocks: readonly Scope[], iteration: number): Solution[] {
    const problems = blocks.map((layer) => ({ layer, solving: this.#start(layer, iteration) }));
    const solutions = solve(this.#objective, problems);
    for (const [i, block] of blocks.entries()) {
      const { vector } = solutions[i];
      // what is not finite would spoil every later start
      if (vector.every(Number.isFinite)) this.#last.set(block, vector);
    }
    return solutions;
  }

  #start(block: Scope, iteration: number): Solving {
    const { blocks, size } = this.#objective;
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
      const length = Math.sqrt(random.reduce((sum, x) => sum + x * x, 0));
      random = random.map((x) => x / length);
      this.#random.set(block, random);
    }
    const last = this.#last.get(block);
    return last === undefined ? random : last.map((x, i) => x + FRESH_SHARE * random[i]);
  }
}
