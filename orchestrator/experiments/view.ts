import type { TopLevelSpec } from 'vega-lite';
import type { ExperimentName, Outcome, ResultOf } from '../../shared/mod.ts';
import type { ExpansionOf, SweepNamed } from '../../shared/sweep/mod.ts';
import type { Choice, DumpFile } from '../dump/mod.ts';
import type { DrawOptions } from '../figure/mod.ts';
import type { Report, TableOptions } from '../report/mod.ts';

/** What a user sees of an experiment. What its tasks and results are is in `shared/experiments/`. */
export type View<Name extends ExperimentName> = {
  /**
   * The table of a sweep.
   * @param outcomes in any order, each task once; those that are not of this sweep (it was edited since) are passed over
   * @throws EdgesweepError USAGE for a key or statistic that does not exist
   */
  table(
    sweep: SweepNamed<Name>,
    expansion: ExpansionOf<Name>,
    outcomes: Iterable<Outcome> | AsyncIterable<Outcome>,
    options: TableOptions,
  ): Promise<Report>;
  /** May the user choose among numbers that results have? */
  choosesValues?: true;
  /**
   * The figure of sweep directories, whose sweeps were read.
   * @throws EdgesweepError USAGE for what does not exist, or does not suit this experiment; what reading a directory throws
   */
  figure(
    directories: readonly string[],
    sweeps: readonly SweepNamed<Name>[],
    options: DrawOptions,
  ): Promise<TopLevelSpec>;
  /** a result in one line */
  describe(result: ResultOf<Name>): string;
  /** Numbers of a result that sweeps are compared by, the usual one first; null where a result has none. */
  measures: Readonly<Record<string, (result: ResultOf<Name>) => number | null>>;
  /** Any other number of a result that a user names, where results have such. */
  measure?(name: string): (result: ResultOf<Name>) => number | null;
  /** The names of such numbers that every result of the sweep has. */
  named?(sweep: SweepNamed<Name>): readonly string[];
  /** Is the usual measure of the result only a bound? */
  isBound?(result: ResultOf<Name>): boolean;
};

/** What `dump` writes of one run, for checking elsewhere. */
export type Dump<Name extends ExperimentName> = {
  /** the options that choose within a run, each with what it chooses */
  options: Readonly<Partial<Record<keyof Choice, string>>>;
  /** the end of the folder's name */
  suffix(choice: Choice): string;
  /**
   * @param folders data directories
   * @throws EdgesweepError USAGE for a choice that the run does not have; what is wrong with the data
   */
  files(sweep: SweepNamed<Name>, choice: Choice, folders: readonly string[]): Iterable<DumpFile>;
};
