import {
  COLUMNS,
  type Iterate,
  type Scheme,
  type SchemeValues,
  schemeOf,
  type TrajectoryCell,
} from '../../../shared/mod.ts';
import type { Solution } from '../../eigen/mod.ts';
import type { Objective } from '../../engines/mod.ts';
import type { SharpnessMeter } from './meter.ts';
import { columnOf, type Recorder, type Scope } from './recorder.ts';

/** Costs of the optimiser in gradients: a matrix product of each layer forward, two backward; twice that with a direction. */
const LOSS_COST = 1 / 3;
const PRODUCT_COST = 2;

/** What, besides weights, series and eigenvectors, the next iteration depends on. */
export type State = {
  /** the next one, from 1 */
  iteration: number;
  /** of the scheme */
  memory: readonly number[];
  /** last measurement of the whole network, and the step size of its iteration; 0 before the first */
  measuredAt: number;
  sharpness: number;
  stepSize: number;
  cost: number;
  products: number;
};

export const INITIAL_STATE: State = {
  iteration: 1,
  memory: [],
  measuredAt: 0,
  sharpness: 0,
  stepSize: 0,
  cost: 0,
  products: 0,
};

export type Ended = 'diverged' | 'finished';

/**
 * Full-batch gradient descent, an iteration at a time: loss and gradient at w, a measurement of sharpness where one is due, the
 * scheme's step size eta, then w <- w - eta g, eta and every product and difference rounded to float32.
 */
export class Training {
  readonly w: Float32Array;
  readonly gradient: Float32Array;
  readonly #objective: Objective;
  readonly #cell: TrajectoryCell;
  readonly #meter: SharpnessMeter;
  readonly #recorder: Recorder;
  readonly #scheme: Scheme;
  readonly #trial: Float32Array;
  #state: State;

  constructor(
    cell: TrajectoryCell,
    w: Float32Array,
    parts: { objective: Objective; meter: SharpnessMeter; recorder: Recorder; state: State },
  ) {
    this.#cell = cell;
    this.w = w;
    this.gradient = new Float32Array(w.length);
    this.#trial = new Float32Array(w.length);
    this.#objective = parts.objective;
    this.#meter = parts.meter;
    this.#recorder = parts.recorder;
    this.#state = parts.state;
    this.#scheme = schemeOf(cell.scheme);
  }

  get state(): State {
    return this.#state;
  }

  /** @returns how it ended, once it has; the row of an iteration that diverged has the loss and nothing else */
  iterate(): Ended | undefined {
    const { iteration } = this.#state;
    const { iterations } = this.#cell.trajectory;
    if (iteration > iterations) return 'finished';
    const recorder = this.#recorder;
    const loss = this.#objective.evaluate(this.w, this.gradient);
    recorder.next();
    recorder.set(COLUMNS.iteration, iteration);
    recorder.set(COLUMNS.loss, loss);
    if (!Number.isFinite(loss)) {
      this.#state = { ...this.#state, iteration: iteration + 1, cost: this.#state.cost + 1 };
      recorder.set(COLUMNS.cost, this.#state.cost);
      return 'diverged';
    }
    this.#step(iteration, loss, this.#recordNorms());
    return iteration === iterations ? 'finished' : undefined;
  }

  #step(iteration: number, loss: number, gradientNorm: number): void {
    const found = new Map<Scope, Solution>();
    const measure = (blocks: readonly Scope[]): Solution[] => {
      const missing = blocks.filter((block) => !found.has(block));
      for (const [i, solution] of this.#meter.measure(missing, iteration).entries()) {
        found.set(missing[i], solution);
        this.#recorder.measured(missing[i], solution);
      }
      return blocks.map((block) => found.get(block)!);
    };
    if (this.#isDue(iteration)) measure(this.#recorded());

    let cost = 1;
    // a measurement costs the optimiser what it uses of it
    const used = new Set<Scope>();
    let atOtherPoint = false;
    const use = (blocks: readonly Scope[]): number[] => {
      if (atOtherPoint && blocks.some((block) => !found.has(block))) this.#objective.evaluate(this.w, this.gradient);
      atOtherPoint = false;
      return measure(blocks).map(({ largest: [{ value }], products }, i) => {
        if (!used.has(blocks[i])) cost += PRODUCT_COST * products;
        used.add(blocks[i]);
        return value;
      });
    };
    const layers = this.#objective.blocks.map((_, l) => l);
    const iterate: Iterate = {
      loss,
      gradientNorm,
      sharpness: () => use(['all'])[0],
      layerSharpness: () => use(layers),
      lossAfter: (stepSize) => {
        cost += LOSS_COST;
        atOtherPoint = true;
        this.#trial.set(this.w);
        descend(this.#trial, this.gradient, stepSize);
        return this.#objective.loss(this.#trial);
      },
    };
    const values = this.#cell.scheme as SchemeValues & Record<string, number>;
    const { stepSize, memory } = this.#scheme.step(values, iterate, this.#state.memory);
    this.#move(stepSize);

    const whole = found.get('all');
    const last = this.#state;
    this.#state = {
      iteration: iteration + 1,
      memory,
      measuredAt: whole === undefined ? last.measuredAt : iteration,
      sharpness: whole === undefined ? last.sharpness : finite(whole.largest[0].value),
      stepSize: typeof stepSize === 'number' ? stepSize : 0,
      cost: last.cost + cost,
      products: last.products + [...found.values()].reduce((sum, { products }) => sum + products, 0),
    };
    this.#recorder.set(COLUMNS.cost, this.#state.cost);
  }

  /** Steps down the gradient, with one step size or one a layer, and records it. */
  #move(stepSize: number | number[]): void {
    if (typeof stepSize === 'number') {
      this.#recorder.set(COLUMNS.stepSize, stepSize);
      descend(this.w, this.gradient, stepSize);
      return;
    }
    for (const [l, { offset, length }] of this.#objective.blocks.entries()) {
      this.#recorder.set(columnOf(COLUMNS.stepSize, l), stepSize[l]);
      const end = offset + length;
      descend(this.w.subarray(offset, end), this.gradient.subarray(offset, end), stepSize[l]);
    }
  }

  /** The blocks that are recorded at every measurement. */
  #recorded(): Scope[] {
    return this.#cell.trajectory.layers ? ['all', ...this.#objective.blocks.keys()] : ['all'];
  }

  #isDue(iteration: number): boolean {
    const { every, near } = this.#cell.trajectory;
    if ((iteration - 1) % every === 0) return true;
    if (near === undefined) return false;
    const { measuredAt, sharpness, stepSize } = this.#state;
    const edge = 2 / stepSize;
    const isNear = stepSize > 0 && Math.abs(sharpness - edge) <= near.within * edge;
    return isNear && iteration - measuredAt >= near.every;
  }

  /** @returns that of the whole gradient; float64, squares summed in order, layer by layer */
  #recordNorms(): number {
    let total = 0;
    for (const [l, { offset, length }] of this.#objective.blocks.entries()) {
      let squares = 0;
      for (let i = offset; i < offset + length; i++) squares += this.gradient[i] * this.gradient[i];
      this.#recorder.set(columnOf(COLUMNS.gradientNorm, l), Math.sqrt(squares));
      total += squares;
    }
    const norm = Math.sqrt(total);
    this.#recorder.set(COLUMNS.gradientNorm, norm);
    return norm;
  }
}

/** A state is JSON in a checkpoint, which has no NaN: what is not finite counts as not measured. */
const finite = (value: number): number => (Number.isFinite(value) ? value : 0);

/** w <- w - eta g, eta and every product and difference rounded to float32. */
export function descend(w: Float32Array, gradient: Float32Array, stepSize: number): void {
  const eta = Math.fround(stepSize);
  for (let i = 0; i < w.length; i++) w[i] = Math.fround(w[i] - Math.fround(eta * gradient[i]));
}
