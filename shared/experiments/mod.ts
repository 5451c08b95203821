import type { z } from 'zod';
import { bisect } from './bisect.ts';
import type { Asked, Experiment, GridValue } from './experiment.ts';
import { map } from './map.ts';
import { maximalStepSize } from './maximal-step-size.ts';
import { phases } from './phases.ts';
import { program } from './program.ts';
import { survival } from './survival.ts';
import { trajectory } from './trajectory.ts';

export { type BisectCell, type BisectResult, crossingsOf, middleOf, scanStepSizes } from './bisect.ts';
export type { GridValue } from './experiment.ts';
export { LAST_LOSSES, type MapCell, type MapResult } from './map.ts';
export {
  type Search,
  type SearchCell,
  type SearchResult,
  searchCellSchema,
  searchSchema,
  stepSizesOf,
} from './maximal-step-size.ts';
export { DATASET_KEYS, type DatasetKey, isFullBatch, layerParameters, type NetworkCell } from './network.ts';
export { PHASES, type Phase, type PhasesCell, type PhasesResult, phaseOf } from './phases.ts';
export { type Json, MOST_METRICS, type ProgramCell, type ProgramFile, type ProgramResult } from './program.ts';
export { divergedWithin, type SurvivalCell, type SurvivalResult } from './survival.ts';
export {
  MEASUREMENTS_AT_EDGE,
  type TrajectoryCell,
  type TrajectoryResult,
  type TrajectorySettings,
  trajectoryColumns,
  trajectorySchema,
} from './trajectory.ts';

/** Every kind of experiment. A new one is a file, and a line here. */
const LIST = [maximalStepSize, trajectory, survival, bisect, phases, map, program] as const;

type Listed = (typeof LIST)[number];
export type ExperimentName = Listed['name'];
type ByName<Name extends ExperimentName> = Extract<Listed, { name: Name }>;

export const EXPERIMENTS = LIST.map(({ name }) => name);

/** The cell and the result of an experiment, by its name; of any without one. */
export type CellOf<Name extends ExperimentName = ExperimentName> = z.infer<ReturnType<ByName<Name>['cell']>>;
export type ResultOf<Name extends ExperimentName = ExperimentName> = z.infer<ReturnType<ByName<Name>['result']>>;
export type Cell = CellOf;
export type Result = ResultOf;

/** The schemas keep their exact types, so that tasks and outcomes can be made of them. */
export function experimentNamed<Name extends ExperimentName>(name: Name): ByName<Name> {
  return LIST.find((experiment) => experiment.name === name) as ByName<Name>;
}

/** The record of a task's experiment. Whoever holds a cell of it may ask it about the cell. */
export const experimentOf = ({ experiment }: { experiment: ExperimentName }): Experiment =>
  experimentNamed(experiment) as unknown as Experiment;

/** The record of a cell's experiment. */
export function experimentOfCell(cell: Cell): Experiment {
  return LIST.find(({ settings }) => settings in cell) as unknown as Experiment;
}

/** Why the result cannot be the result of the task; undefined when it can. */
export function resultProblem(task: Asked<Cell> & { experiment: ExperimentName }, result: Result): string | undefined {
  return experimentOf(task).problem(task, result);
}

/**
 * The arithmetic that the cell names and the one that this version computes it with, where these differ: such a task was made by another
 * version, and has another id here.
 */
export function otherArithmetic(cell: Cell): { named: string; own: string } | undefined {
  const names = experimentOfCell(cell).arithmetic?.(cell);
  return names === undefined || names.named === names.own ? undefined : names;
}

/** Digest and rows of the series that belongs to an outcome; undefined where it has none. */
export const seriesOf = (outcome: { task: { experiment: ExperimentName }; result: Result }) =>
  experimentOf(outcome.task).series?.(outcome.result);

/** Iterations of one run of the cell where that is a long task, which reports progress and leaves checkpoints; else 0. */
export const iterationsOf = (cell: Cell): number => experimentOfCell(cell).iterations(cell);

/** May tasks of the cell leave something to resume from? */
export const leavesCheckpoints = (cell: Cell): boolean => {
  const { byProgram, iterations } = experimentOfCell(cell);
  return byProgram === true || iterations(cell) > 0;
};

/** Expected work of one run of the cell in multiply-adds, to start the longest tasks first. */
export const expectedCost = (cell: Cell): number => experimentOfCell(cell).cost(cell);

/** The cell with about that share of its work, for a short timing. */
export const shortenedCell = (cell: Cell, share: number): Cell => experimentOfCell(cell).shortened(cell, share) as Cell;

/** Work that a result took, in the multiply-adds of `expectedCost`. */
export const spentCost = (cell: Cell, result: Result): number => experimentOfCell(cell).spent(cell, result);

/** What a cell has at a key that it lacks. */
const LACKING = '-';

/** The keys that have one value in each cell, of all experiments. */
export const CELL_KEYS: readonly string[] = [...new Set(LIST.flatMap(({ keys }) => Object.keys(keys)))];

/** Is it a key of the kind that differs from sweep to sweep, such as `params.lr`? */
export const isParameterKey = (key: string): boolean =>
  LIST.some((experiment: Pick<Experiment, 'parameters'>) => key.startsWith(experiment.parameters?.prefix ?? '\0'));

/** The keys that these cells have, those that differ from sweep to sweep included. */
export function keysOfCells(cells: readonly Cell[]): string[] {
  const own = new Set<string>();
  for (const cell of cells) {
    for (const key of Object.keys(experimentOfCell(cell).parameters?.of(cell) ?? {})) own.add(key);
  }
  return [...CELL_KEYS, ...own];
}

/** The reader of one key. */
export function reader(key: string): (cell: Cell) => GridValue {
  return (cell) => {
    const { keys, parameters } = experimentOfCell(cell);
    return keys[key]?.(cell) ?? parameters?.of(cell)[key] ?? LACKING;
  };
}

/** The values that messages leave out. */
export const usualOf = (cell: Cell): Readonly<Record<string, GridValue>> => experimentOfCell(cell).usual;

/** All values of a cell in one line, for messages; those that are usual are left out. */
export function describeCell(cell: Cell): string {
  const usual = usualOf(cell);
  return describeKeys(cell, (key, value) => value !== usual[key]);
}

/** The values of a cell that are shown, in one line. */
export function describeKeys(cell: Cell, isShown: (key: string, value: GridValue) => boolean): string {
  const { keys, parameters } = experimentOfCell(cell);
  return [
    ...Object.entries(keys).map(([key, read]) => [key, read(cell)] as const),
    ...Object.entries(parameters?.of(cell) ?? {}),
  ]
    .filter(([key, value]) => value !== undefined && isShown(key, value))
    .map(([key, value]) => `${key} ${value}`)
    .join(', ');
}
