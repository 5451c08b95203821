import type { z } from 'zod';
import type { Dataset } from '../../dataset.ts';
import type { Cell, ExperimentName } from '../../experiments/mod.ts';
import type { Axis } from '../axes.ts';
import type { Problem } from '../problems.ts';
import { bisect } from './bisect/mod.ts';
import type { Point, Source, SweepOf } from './kind.ts';
import { map } from './map/mod.ts';
import { maximalStepSize } from './maximal-step-size/mod.ts';
import { phases } from './phases/mod.ts';
import { program } from './program/mod.ts';
import { survival } from './survival/mod.ts';
import { trajectory } from './trajectory/mod.ts';

export type { MapSweep } from './map/mod.ts';
export type { SearchSweep } from './maximal-step-size/mod.ts';
export { filesOf } from './program/files.ts';
export type { ProgramSweep } from './program/mod.ts';
export type { TrajectorySweep } from './trajectory/mod.ts';

/** How sweep files describe each kind of experiment. A new one is a folder, and a line here. */
export const KINDS = [maximalStepSize, trajectory, survival, bisect, phases, map, program] as const;
type Listed = (typeof KINDS)[number];
export type FileSchema = ReturnType<Listed['file']>;

/** A loaded sweep of the experiment of that name; of any without one. */
export type SweepNamed<Name extends ExperimentName = ExperimentName> = Name extends ExperimentName
  ? SweepOf<ReturnType<Extract<Listed, { name: Name }>['file']>>
  : never;
export type Sweep = SweepNamed;

/** What holds of every sweep, before table and figure are completed. */
export type Plan = z.output<FileSchema>;

/** The folder of the data sets, where the sweep names one. */
export const dataDirectoryOf = (sweep: Sweep): string | undefined =>
  'data' in sweep ? sweep.data.directory : undefined;

/** The record of the experiment that is named in what should be a sweep file, whatever it is; undefined where there is none. */
export const kindIn = (written: unknown): Listed | undefined =>
  KINDS.find(({ name }) => name === (written as { experiment?: unknown } | null | undefined)?.experiment);

/** A kind as it is asked by those who hold a sweep of it. */
type AnyKind = {
  resolve?(sweep: Plan, folder: string): { plan: Plan; problems: Problem[] };
  complete?: Readonly<Record<string, (chosen: Record<string, unknown>) => unknown>>;
  withoutRows?: readonly string[];
  axes?(sweep: Plan): Axis[];
  cellMaker(sweep: Plan): (point: Point, dataset: Dataset) => Cell;
  problems(cells: readonly Cell[], sweep: Plan): Problem[];
  finish(sweep: Sweep, cells: readonly Cell[], source: Source): { sweep: Sweep; problems: Problem[] };
};

/** The record of a sweep's experiment. */
export const kindOf = ({ experiment }: { experiment: ExperimentName }): AnyKind =>
  KINDS.find(({ name }) => name === experiment) as unknown as AnyKind;
