import type { z } from 'zod';
import type { Edge } from '../optimizer.ts';

/** A value of a cell that a table can show. */
export type GridValue = string | number | boolean;

/** What a result is checked against. */
export type Asked<Cell> = { cell: Cell; run: number; seed: number };

/**
 * A kind of experiment, as every side knows it: what its tasks and results are. How sweep files describe it is in
 * `shared/sweep/experiments/`, how it is computed in `worker/experiments/`, and what a user sees of it in
 * `orchestrator/experiments/`.
 */
export type Experiment<
  Name extends string = string,
  CellSchema extends z.ZodType<object> = z.ZodType<object>,
  ResultSchema extends z.ZodType<object> = z.ZodType<object>,
> = {
  name: Name;
  /** one line, for the schema of sweep files */
  describe: string;
  /** The key of a cell that only this experiment's cells have. Sweep files hold its settings under the same key. */
  settings: string;
  /** Schema of a point of its grid, every default filled in: what a task's result depends on besides run and seed */
  cell(): CellSchema;
  /** Schema of a function of the task alone, compared byte for byte between executions */
  result(): ResultSchema;
  /** the keys of its grid that tables and figures can show, in their usual order */
  keys: Readonly<Record<string, (cell: z.infer<CellSchema>) => GridValue | undefined>>;
  /** Keys that differ from sweep to sweep, all with one prefix: the parameters of a user's program. */
  parameters?: { prefix: string; of(cell: z.infer<CellSchema>): Readonly<Record<string, GridValue>> };
  /** Values of keys that a message leaves out, because they are the usual ones. */
  usual: Readonly<Record<string, GridValue>>;
  /** Why the result cannot be the result of the task; undefined when it can. */
  problem(asked: Asked<z.infer<CellSchema>>, result: z.infer<ResultSchema>): string | undefined;
  /** The digest of the series that belongs to a result; absent where results have no series, undefined where this one has none. */
  series?(result: z.infer<ResultSchema>): { digest: string; rows: number } | undefined;
  /** Names of the columns of the series of a cell, where they follow from it. */
  columns?(cell: z.infer<CellSchema>): string[];
  /** The arithmetic that a cell names, and the one that this version computes it with; absent where there is only one. */
  arithmetic?(cell: z.infer<CellSchema>): { named: string; own: string };
  /** Where a training of the cell ceases to be stable; absent where that is not known. */
  edge?(cell: z.infer<CellSchema>): Edge;
  /** Iterations of a task that is long enough to report progress and to leave checkpoints; 0 for short tasks. */
  iterations(cell: z.infer<CellSchema>): number;
  /** Computed by a process of the user's, not by an engine in a thread. */
  byProgram?: true;
  /** Expected work of one run in multiply-adds. The order of tasks and the time left depend on it, and no result does. */
  cost(cell: z.infer<CellSchema>): number;
  /** The same cell with about that share of its work, for a short timing of a long task. */
  shortened(cell: z.infer<CellSchema>, share: number): z.infer<CellSchema>;
  /** Work that a result took, in the multiply-adds of `cost`. */
  spent(cell: z.infer<CellSchema>, result: z.infer<ResultSchema>): number;
};

/** Keeps the exact types of the schemas. */
export function defineExperiment<
  const Name extends string,
  CellSchema extends z.ZodType<object>,
  ResultSchema extends z.ZodType<object>,
>(experiment: Experiment<Name, CellSchema, ResultSchema>): Experiment<Name, CellSchema, ResultSchema> {
  return experiment;
}
