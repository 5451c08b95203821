import type { DivergenceKind, SweepEngine } from '../../shared/mod.ts';
import type { BatchObjective, Objective } from './objective.ts';
import type { FullBatch, Problem, Trial } from './problem.ts';

export type Training = {
  /** loss of iteration 1, 2, ..., each from before its update, up to the divergence */
  losses: Float32Array;
  /** null when no loss up to the last iteration diverged */
  divergence: { iteration: number; kind: DivergenceKind } | null;
};

export type Trainer = {
  /** number of trials that it takes at once for the price of one */
  readonly lanes: number;
  /**
   * Trains a fresh network for each trial, and returns what happened in order, up to and including the first trial that
   * diverged: what comes after it could not change a search.
   */
  train(trials: readonly Trial[]): Training[];
  /** Trains a fresh network for each trial, whatever becomes of the others. */
  trainAll(trials: readonly Trial[]): Training[];
};

/**
 * Computes trainings. The engines `simd` and `reference` give the same bits: the float32 operations and the order of every sum are those of
 * the reference engine.
 */
export type Engine = {
  readonly name: SweepEngine;
  /** the name, with the backend where there are several */
  readonly label: string;
  /** of its trainers, at most */
  readonly lanes: number;
  /** @throws NETWORK_TOO_LARGE; the trainer is good until the next call */
  prepare(problem: Problem): Trainer;
  /** @throws NETWORK_TOO_LARGE */
  objective(problem: FullBatch): Objective;
  /** @throws NETWORK_TOO_LARGE, also when examples are selected */
  batchObjective(problem: FullBatch): BatchObjective;
};

/** The largest finite float32: a loss beyond it is infinite. */
export const LARGEST_FLOAT32 = (2 - 2 ** -23) * 2 ** 127;

export function divergenceKind(loss: number): DivergenceKind {
  if (Number.isNaN(loss)) return 'nan';
  return Number.isFinite(loss) ? 'loss-above' : 'infinity';
}
