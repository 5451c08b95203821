import type { z } from 'zod';
import type { NetworkCell } from '../experiments/network.ts';
import type { Optimizer } from '../optimizer.ts';
import type { SchemeValues } from '../schemes/mod.ts';
import { type Solver, TYPICAL_PRODUCTS } from '../solver.ts';
import type { TRAJECTORY_2 } from '../vocabulary.ts';
import type { Panel } from './panels.ts';

/** What a gauge may know of a cell. */
export type GaugedCell = NetworkCell & {
  loss?: 'cross-entropy' | undefined;
  optimizer?: Optimizer | undefined;
  scheme: SchemeValues;
  trajectory: { iterations: number; every: number; layers: boolean; solver: Solver };
};

/** Why a cell cannot have the gauge, for an error message. */
export type GaugeFault = { message: string; expected: string; got: string; fix: string };

/**
 * Something that is measured along a training. Here stands what every side knows of it; how it is measured is in
 * `worker/experiments/trajectory/gauges/`, under the same name.
 */
export type GaugeFacts<
  Name extends string = string,
  Schema extends z.ZodType = z.ZodType,
  Written extends z.ZodType = z.ZodType,
> = {
  /** also the key of `trajectory:` that turns it on */
  name: Name;
  /** for the schema of sweep files */
  describe: string;
  /** of the key's value in a task; a task that does not have the gauge does not have the key */
  schema(): Schema;
  /** of the key's value in a sweep file, where `false` is the same as no key */
  written(): Written;
  /** The value in a task, where it is not the one in the sweep file: with what depends on the cell. */
  complete?(cell: GaugedCell, written: Exclude<z.output<Written>, false | undefined>): z.output<Schema>;
  /** cells that have it without its key */
  implied?(cell: GaugedCell): boolean;
  /** of the cells that have it; absent: that of cells without it */
  arithmetic?: typeof TRAJECTORY_2;
  /** names of its columns in the series of a cell that has it, in order */
  columns(cell: GaugedCell, settings: z.output<Schema>): string[];
  /** iterations at which it measures; absent: wherever the sharpness is measured, see `every` and `near` */
  due?(iteration: number, settings: z.output<Schema>): boolean;
  /** expected cost of one measurement in gradients, where a product with the Hessian is 2; the time left depends on it and no result */
  cost(cell: GaugedCell, settings: z.output<Schema>): number;
  /** panels that show it, in a figure that names none */
  panels?: readonly Panel[];
  /** what is wrong with a cell that has it; undefined where nothing is */
  fault?(cell: GaugedCell, settings: z.output<Schema>): GaugeFault | undefined;
};

/** Keeps the exact types. */
export function defineGauge<const Name extends string, Schema extends z.ZodType, Written extends z.ZodType>(
  gauge: GaugeFacts<Name, Schema, Written>,
): GaugeFacts<Name, Schema, Written> {
  return gauge;
}

/** Gradients that the largest eigenvalues of the network take, or of the network and its layers. */
export function eigenvalueCost({ depth, trajectory: { layers, solver } }: GaugedCell): number {
  // the blocks of all layers together cost as much as about two of the whole network
  return 2 * TYPICAL_PRODUCTS[solver.kind] * (layers ? 1 + Math.min(2, depth) : 1);
}
