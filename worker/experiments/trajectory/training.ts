import {
  COLUMNS,
  columnOf,
  type Edge,
  edgeOf,
  gaugesOf,
  type Iterate,
  type Matrix,
  type Scheme,
  type SchemeValues,
  type Scope,
  schemeOf,
  trajectoryColumns,
} from '../../../shared/mod.ts';
import type { Solution } from '../../eigen/mod.ts';
import { Anchored } from './anchored.ts';
import { START } from './gauges/mod.ts';
import { MATRICES } from './matrices.ts';
import { EigenMeter } from './meter.ts';
import { float32, type Gauge, type Parts, type Point, type Vectors } from './point.ts';
import { eigenReadings, Recorder } from './recorder.ts';
import { type StepBatches, stepBatches } from './step-batches.ts';
import { startUpdate, type Update } from './updates.ts';

/** Costs of the optimiser in gradients: a matrix product of each layer forward, two backward; twice that with a direction. */
const LOSS_COST = 1 / 3;
const PRODUCT_COST = 2;

/** What, besides series and vectors, the next iteration depends on. */
export type State = {
  /** the next one, from 1 */
  iteration: number;
  /** of the scheme */
  memory: readonly number[];
  /** last measurement of what the edge bounds, and the step size of its iteration; 0 before the first */
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

/** The weights among the vectors of a training. */
export const WEIGHTS = 'w';

export type Ended = 'diverged' | 'finished';

/** All eigenvalues that were found in an iteration, by matrix and block. */
class Found {
  readonly #solutions = new Map<string, Solution>();
  products = 0;

  get(matrix: Matrix, block: Scope): Solution | undefined {
    return this.#solutions.get(`${matrix} ${block}`);
  }

  add(matrix: Matrix, block: Scope, solution: Solution): void {
    this.#solutions.set(`${matrix} ${block}`, solution);
    this.products += solution.products;
  }
}

/**
 * Descent, an iteration at a time: loss and gradient at w of all examples or of the iteration's batch, the optimiser's direction d, what is
 * measured (of all examples), the scheme's step size eta, then w <- w - eta d, eta and every product and difference rounded to float32.
 */
export class Training {
  readonly w: Float32Array;
  readonly gradient: Float32Array;
  readonly vectors: Vectors;
  readonly recorder: Recorder;
  readonly #parts: Parts;
  readonly #objective: Anchored;
  readonly #batches: StepBatches | undefined;
  /** examples of the iteration's step over those of all */
  #share = 1;
  readonly #scheme: Scheme;
  readonly #update: Update;
  readonly #edge: Edge;
  readonly #gauges: { measure: Gauge; due: ((iteration: number) => boolean) | undefined }[];
  readonly #meters = new Map<Matrix, EigenMeter>();
  readonly #trial: Float32Array;
  #direction: Float32Array;
  #state: State;

  /** @param parts vectors and series of a checkpoint; at the beginning weights and nothing else */
  constructor(parts: Parts, { state = INITIAL_STATE, recorder }: { state?: State; recorder?: Recorder } = {}) {
    const { cell, vectors } = parts;
    const { size } = parts.objective;
    this.vectors = vectors;
    this.w = float32(vectors, WEIGHTS, size);
    this.gradient = new Float32Array(size);
    this.recorder = recorder ?? new Recorder(trajectoryColumns(cell));
    this.#parts = parts;
    this.#objective = new Anchored(parts.objective);
    this.#batches = stepBatches(parts);
    this.#trial = new Float32Array(size);
    this.#state = state;
    this.#scheme = schemeOf(cell.scheme);
    this.#update = startUpdate(cell.optimizer, vectors, size);
    this.#direction = this.gradient;
    this.#edge = edgeOf(cell);
    this.#gauges = gaugesOf(cell).map(({ gauge, settings }) => ({
      measure: START[gauge.name](parts, settings as never),
      due: gauge.due && ((iteration) => gauge.due!(iteration, settings)),
    }));
  }

  /** of the last iteration, as its step took it */
  get direction(): Float32Array {
    return this.#direction;
  }

  /** P of the last iteration; undefined where the optimiser has none */
  get preconditioner(): Float32Array | undefined {
    return this.#update.preconditioner;
  }

  get state(): State {
    return this.#state;
  }

  /** @returns how it ended, once it has; the row of an iteration that diverged has the loss and nothing else */
  iterate(): Ended | undefined {
    const { iteration } = this.#state;
    const { iterations } = this.#parts.cell.trajectory;
    if (iteration > iterations) return 'finished';
    const { recorder } = this;
    const loss = this.#evaluate(iteration);
    recorder.next();
    recorder.set(COLUMNS.iteration, iteration);
    recorder.set(COLUMNS.loss, loss);
    if (!Number.isFinite(loss)) {
      this.#state = { ...this.#state, iteration: iteration + 1, cost: this.#state.cost + this.#share };
      recorder.set(COLUMNS.cost, this.#state.cost);
      return 'diverged';
    }
    this.#step(iteration, loss, this.#recordNorms());
    return iteration === iterations ? 'finished' : undefined;
  }

  /** The loss of the step's examples, whose gradient it writes. */
  #evaluate(iteration: number): number {
    if (this.#batches === undefined) return this.#objective.anchor(this.w, this.gradient);
    this.#objective.moveTo(this.w);
    const { objective, rowsAt } = this.#batches;
    const rows = rowsAt(iteration);
    this.#share = rows.length / this.#parts.problem.examples.count;
    objective.select(rows);
    return objective.evaluate(this.w, this.gradient);
  }

  #step(iteration: number, loss: number, gradientNorm: number): void {
    const found = new Found();
    const point = this.#pointAt(iteration, loss, found);
    const isMeasured = this.#isDue(iteration);
    if (isMeasured && this.#batches !== undefined) this.recorder.set(COLUMNS.fullLoss, point.ofAll().loss);
    let products = 0;
    for (const { measure, due } of this.#gauges) {
      if (!(due?.(iteration) ?? isMeasured)) continue;
      const readings = measure(point);
      products += readings.products;
      for (const [column, value] of Object.entries(readings.columns)) this.recorder.set(column, value);
    }

    let cost = this.#share;
    // a measurement costs the optimiser what it uses of it
    const used = new Set<Scope>();
    const use = (blocks: readonly Scope[]): number[] => {
      // products are with the Hessian of all examples, of which a step on a batch has not taken the gradient
      if (used.size === 0 && this.#batches !== undefined) cost += 1;
      return point.eigenpairs(this.#edge.matrix, blocks).map(({ largest: [{ value }], products }, i) => {
        if (!used.has(blocks[i])) cost += PRODUCT_COST * products;
        used.add(blocks[i]);
        return value;
      });
    };
    const iterate: Iterate = {
      loss,
      gradientNorm: point.direction === this.gradient ? gradientNorm : rootOfSlope(this.gradient, point.direction),
      sharpness: () => use(['all'])[0],
      layerSharpness: () => use([...this.#objective.blocks.keys()]),
      lossAfter: (stepSize) => {
        cost += LOSS_COST * this.#share;
        this.#trial.set(this.w);
        descend(this.#trial, point.direction, stepSize);
        return (this.#batches?.objective ?? this.#objective).loss(this.#trial);
      },
    };
    const last = this.#state;
    const values = this.#parts.cell.scheme as SchemeValues & Record<string, number>;
    const { stepSize, memory } = this.#scheme.step(values, iterate, last.memory);
    this.#move(stepSize, point.direction);

    const whole = found.get(this.#edge.matrix, 'all');
    this.#state = {
      iteration: iteration + 1,
      memory,
      measuredAt: whole === undefined ? last.measuredAt : iteration,
      sharpness: whole === undefined ? last.sharpness : finite(whole.largest[0].value),
      stepSize: typeof stepSize === 'number' ? stepSize : 0,
      cost: last.cost + cost,
      products: last.products + found.products + products,
    };
    this.recorder.set(COLUMNS.cost, this.#state.cost);
  }

  #pointAt(iteration: number, loss: number, found: Found): Point {
    this.#direction = this.#update.absorb(this.gradient);
    let all: ReturnType<Point['ofAll']> | undefined;
    const point: Point = {
      iteration,
      loss,
      w: this.w,
      gradient: this.gradient,
      direction: this.#direction,
      preconditioner: this.#update.preconditioner,
      lastStepSize: this.#state.stepSize,
      objective: this.#objective,
      vectors: this.vectors,
      ofAll: () => {
        if (this.#batches === undefined) return { loss, gradient: this.gradient };
        if (all === undefined) {
          const gradient = new Float32Array(this.w.length);
          all = { loss: this.#objective.anchor(this.w, gradient), gradient };
        }
        return all;
      },
      eigenpairs: (matrix, blocks) => {
        const missing = blocks.filter((block) => found.get(matrix, block) === undefined);
        const solutions =
          missing.length === 0 ? [] : this.#meterOf(matrix).measure(MATRICES[matrix](point), missing, iteration);
        for (const [i, solution] of solutions.entries()) {
          found.add(matrix, missing[i], solution);
          for (const [column, value] of eigenReadings(matrix, missing[i], solution)) this.recorder.set(column, value);
        }
        return blocks.map((block) => found.get(matrix, block)!);
      },
    };
    return point;
  }

  #meterOf(matrix: Matrix): EigenMeter {
    const { cell, objective, seed, run, vectors } = this.#parts;
    const meter =
      this.#meters.get(matrix) ?? new EigenMeter(objective, cell.trajectory.solver, { seed, run }, { vectors, matrix });
    this.#meters.set(matrix, meter);
    return meter;
  }

  /** Steps along the direction, with one step size or one a layer, and records it. */
  #move(stepSize: number | number[], direction: Float32Array): void {
    if (typeof stepSize === 'number') {
      this.recorder.set(COLUMNS.stepSize, stepSize);
      descend(this.w, direction, stepSize);
      return;
    }
    for (const [l, { offset, length }] of this.#objective.blocks.entries()) {
      this.recorder.set(columnOf(COLUMNS.stepSize, l), stepSize[l]);
      const end = offset + length;
      descend(this.w.subarray(offset, end), direction.subarray(offset, end), stepSize[l]);
    }
  }

  #isDue(iteration: number): boolean {
    const { every, near } = this.#parts.cell.trajectory;
    if ((iteration - 1) % every === 0) return true;
    if (near === undefined) return false;
    const { measuredAt, sharpness, stepSize } = this.#state;
    const edge = this.#edge.over / stepSize;
    const isNear = stepSize > 0 && Math.abs(sharpness - edge) <= near.within * edge;
    return isNear && iteration - measuredAt >= near.every;
  }

  /** @returns that of the whole gradient; float64, squares summed in order, layer by layer */
  #recordNorms(): number {
    let total = 0;
    for (const [l, { offset, length }] of this.#objective.blocks.entries()) {
      let squares = 0;
      for (let i = offset; i < offset + length; i++) squares += this.gradient[i] * this.gradient[i];
      this.recorder.set(columnOf(COLUMNS.gradientNorm, l), Math.sqrt(squares));
      total += squares;
    }
    const norm = Math.sqrt(total);
    this.recorder.set(COLUMNS.gradientNorm, norm);
    return norm;
  }
}

/** sqrt(max(0, g'd)), float64, ascending. */
function rootOfSlope(gradient: Float32Array, direction: Float32Array): number {
  let slope = 0;
  for (let k = 0; k < gradient.length; k++) slope += gradient[k] * direction[k];
  return Math.sqrt(Math.max(0, slope));
}

/** A state is JSON in a checkpoint, which has no NaN: what is not finite counts as not measured. */
const finite = (value: number): number => (Number.isFinite(value) ? value : 0);

/** w <- w - eta d, eta and every product and difference rounded to float32. */
export function descend(w: Float32Array, direction: Float32Array, stepSize: number): void {
  const eta = Math.fround(stepSize);
  for (let i = 0; i < w.length; i++) w[i] = Math.fround(w[i] - Math.fround(eta * direction[i]));
}
