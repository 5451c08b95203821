/** The package as a library: `import { runSweep } from 'edgesweep'`. It never prints, ends the process or listens to its signals. */
export type { ErrorCode } from '../../shared/error-codes.ts';
export { EdgesweepError, type ErrorDetails } from '../../shared/errors.ts';
export { figure } from './figure.ts';
export { mergeDirectories } from './merge.ts';
export type {
  ExperimentName,
  Outcome,
  OutcomeOf,
  Provenance,
  ResultOf,
  SweepFile,
  Task,
  TaskOf,
} from './outcomes.ts';
export { isOutcomeOf, readOutcomes, readSeries } from './read.ts';
export { runSweep } from './run.ts';
export { table } from './table.ts';
export type {
  Figure,
  FigureOptions,
  MergedInput,
  MergeOptions,
  MergeResult,
  NatsOptions,
  ProgramsOptions,
  Progress,
  ReadOptions,
  RunEvent,
  RunOptions,
  RunResult,
  Series,
  Table,
  TableFormat,
  TableOptions,
} from './types.ts';
