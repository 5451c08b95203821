import type { z } from 'zod';
import type { Dataset } from '../../dataset.ts';
import type { Cell } from '../../experiments/mod.ts';
import type { Axis } from '../axes.ts';
import type { Override } from '../overrides.ts';
import type { Problem } from '../problems.ts';

/** The values that a point of the grid has at its keys. */
export type Point = Readonly<Record<string, unknown>>;

/** Where a loaded sweep comes from. */
export type Source = {
  overrides: readonly Override[];
  /** what the file says, without the overrides */
  written: unknown;
  /** Another sweep as written, with its cells; undefined where it is no sweep of this experiment. */
  read(
    written: unknown,
  ): { plan: { source?: string | undefined; grid: object; table: object }; cells: Cell[] } | undefined;
};

type WithRows<File extends { table: { rows?: unknown } }> = Omit<File, 'table'> & {
  table: Omit<File['table'], 'rows'> & { rows: NonNullable<File['table']['rows']> };
};

/** A sweep of a file's schema with every default filled in. The keys of the grid are in the order of the product. */
export type SweepOf<File extends z.ZodType<{ table: { rows?: unknown } }>> = WithRows<z.output<File>>;

/** How sweep files describe an experiment. What its tasks and results are is in `shared/experiments/`. */
export type SweepKind<Name extends string, File extends z.ZodType<{ table: { rows?: unknown } }>> = {
  name: Name;
  /** the schema of its sweep files */
  file(): File;
  /** Reads what lies outside the sweep file. @param folder of the sweep file */
  resolve?(sweep: z.output<File>, folder: string): { plan: z.output<File>; problems: Problem[] };
  /** Keys of the grid whose values are mappings with a `kind`: fills in what a chosen value omits. */
  complete?: Readonly<Record<string, (chosen: Record<string, unknown>) => unknown>>;
  /** Keys of the grid that make no rows by default. */
  withoutRows?: readonly string[];
  /** Axes of the grid that no key of it is, the fastest ones. */
  axes?(sweep: z.output<File>): Axis[];
  /** Makes the cell of a point of the grid, with what all cells of the sweep have besides. */
  cellMaker(sweep: z.output<File>): (point: Point, dataset: Dataset) => Cell;
  /** What is wrong with the cells as a whole. */
  problems(cells: readonly Cell[], sweep: z.output<File>): Problem[];
  /** Completes and checks table and figure. The rows of the table are filled in already. */
  finish(sweep: SweepOf<File>, cells: readonly Cell[], source: Source): { sweep: SweepOf<File>; problems: Problem[] };
};

/** Keeps the exact types. */
export function defineKind<const Name extends string, File extends z.ZodType<{ table: { rows?: unknown } }>>(
  kind: SweepKind<Name, File>,
): SweepKind<Name, File> {
  return kind;
}
