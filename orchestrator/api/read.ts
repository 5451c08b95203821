import { EdgesweepError, isOutcomeOf as isOfExperiment, seriesOf } from '../../shared/mod.ts';
import { expand, membersOf } from '../../shared/sweep/mod.ts';
import { readSweep, readOutcomes as recorded, readSeries as recordedSeries } from '../directory/mod.ts';
import type { ExperimentName, Outcome, OutcomeOf } from './outcomes.ts';
import type { ReadOptions, Series } from './types.ts';

/**
 * The outcomes of a sweep directory, in the order in which they were recorded. Each is verified: against the digest of its line, and
 * against its task.
 * @throws EdgesweepError DIRECTORY_UNREADABLE, JOURNAL_DAMAGED, OUTCOMES_DIFFER; USAGE where `experiment` is another one than the directory's
 */
export async function* readOutcomes<Name extends ExperimentName = ExperimentName>(
  directory: string,
  { experiment, former = false }: ReadOptions<Name> = {},
): AsyncGenerator<OutcomeOf<Name>, void, undefined> {
  const sweep = await readSweep(directory);
  if (experiment !== undefined && experiment !== sweep.experiment) {
    throw new EdgesweepError('USAGE', 'this sweep directory belongs to a different experiment', {
      where: directory,
      expected: `experiment ${experiment}`,
      got: `experiment ${sweep.experiment}`,
    });
  }
  const cellOf = membersOf(expand(sweep));
  for await (const outcome of recorded(directory)) {
    if (cellOf(outcome.task) === undefined && !(former && isOfExperiment(outcome, sweep.experiment))) continue;
    // of the sweep's experiment, which is the one that was asked for
    yield outcome as OutcomeOf<Name>;
  }
}

/** Is the outcome of that experiment? */
export function isOutcomeOf<Name extends ExperimentName>(outcome: Outcome, name: Name): outcome is OutcomeOf<Name> {
  return isOfExperiment(outcome, name);
}

/**
 * What was recorded of a training, verified against its outcome.
 * @throws EdgesweepError SERIES_DAMAGED when the file is missing, or is not what the outcome says; USAGE for an outcome without a series
 */
export async function readSeries(directory: string, outcome: Outcome): Promise<Series> {
  if (seriesOf(outcome) !== undefined) return recordedSeries(directory, outcome);
  throw new EdgesweepError('USAGE', 'an outcome of this experiment has no series', {
    where: directory,
    expected: 'an outcome of an experiment that records series, such as trajectory',
    got: `experiment ${outcome.task.experiment}`,
  });
}
