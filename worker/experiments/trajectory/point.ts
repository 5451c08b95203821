import type { GaugeName, Matrix, Scope, TrajectoryCell } from '../../../shared/mod.ts';
import type { Solution } from '../../eigen/mod.ts';
import type { Engine, Examples, FullBatch, Objective } from '../../engines/mod.ts';

/**
 * What a training keeps from one iteration to the next, by name: weights, the optimiser's state, eigenvectors. A checkpoint holds all of
 * it. A single number is a vector of length 1.
 */
export type Vectors = Map<string, Float32Array | Float64Array>;

/** The vector of that name, which is 0 at first. */
export function float32(vectors: Vectors, name: string, length: number): Float32Array {
  const vector = vectors.get(name) ?? new Float32Array(length);
  vectors.set(name, vector);
  return vector as Float32Array;
}

export function float64(vectors: Vectors, name: string, length: number): Float64Array {
  const vector = vectors.get(name) ?? new Float64Array(length);
  vectors.set(name, vector);
  return vector as Float64Array;
}

/** Where a training stands in one iteration: the gradient is taken and in the optimiser's state, the step is not. */
export type Point = {
  /** from 1 */
  iteration: number;
  /** loss and gradient of the batch of the step, which may be all examples */
  loss: number;
  w: Float32Array;
  gradient: Float32Array;
  /** those of all examples, computed once in an iteration */
  ofAll(): { loss: number; gradient: Float32Array };
  /** where the step goes: w <- w - step size * direction */
  direction: Float32Array;
  /** P of an optimiser whose direction is something over it */
  preconditioner: Float32Array | undefined;
  /** of the iteration before; 0 at the first, and of schemes with one for each layer */
  lastStepSize: number;
  /** of all examples; its products are those at w, whatever else it was evaluated at in between */
  objective: Objective;
  vectors: Vectors;
  /**
   * Eigenvalues of the matrix here. They are computed once in an iteration, whoever asks, and recorded and counted by themselves, where
   * the cell has their columns.
   */
  eigenpairs(matrix: Matrix, blocks: readonly Scope[]): Solution[];
};

/** What a training is made of, for a gauge that needs more than its points. */
export type Parts = {
  cell: TrajectoryCell;
  seed: number;
  run: number;
  engine: Engine;
  problem: FullBatch;
  /** those of the cell's test set, where it has one */
  testExamples: Examples | undefined;
  objective: Objective;
  vectors: Vectors;
};

/** What a gauge read: values by column, and how many products with the Hessian over all examples it took, besides `eigenpairs`. */
export type Readings = { columns: Readonly<Record<string, number>>; products: number };

/** Nothing besides what `eigenpairs` found. */
export const NOTHING: Readings = { columns: {}, products: 0 };

/** Measures at a point. What it has to remember it keeps in `vectors`, and nowhere else. */
export type Gauge = (point: Point) => Readings;

/** Makes a gauge for a training, at its beginning or at a checkpoint. @param settings the value of its key in the cell */
export type StartGauge = (parts: Parts, settings: never) => Gauge;
export type StartGauges = { readonly [Name in GaugeName]: StartGauge };
