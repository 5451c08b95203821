import type { TopLevelSpec } from 'vega-lite';
import { EdgesweepError, type ExperimentName, type Outcome } from '../../shared/mod.ts';
import { type Expansion, expand, type Sweep, withShardTitle } from '../../shared/sweep/mod.ts';
import { settle } from '../adaptive/mod.ts';
import { readOutcomes, readSweep } from '../directory/mod.ts';
import type { DrawOptions } from '../figure/mod.ts';
import type { Report, TableOptions } from '../report/mod.ts';
import { bisect } from './bisect/mod.ts';
import { map } from './map/mod.ts';
import { maximalStepSize } from './maximal-step-size/mod.ts';
import { phases } from './phases/mod.ts';
import { program } from './program/mod.ts';
import { survival } from './survival/mod.ts';
import { trajectory } from './trajectory/mod.ts';
import type { View } from './view.ts';

export { firstPassage } from './survival/first-passage/mod.ts';

/** What a user sees of each kind of experiment. A new one is a folder, and a line here. */
const VIEWS: { [Name in ExperimentName]: View<Name> } = {
  'maximal-step-size': maximalStepSize,
  trajectory,
  survival,
  bisect,
  phases,
  program,
  map,
};

/** The view of an experiment. Whoever holds a sweep or an outcome of it may ask the view about them. */
export const viewOf = (experiment: ExperimentName): View<never> => VIEWS[experiment] as unknown as View<never>;

/**
 * The table of a sweep directory, from what is there.
 * @throws EdgesweepError what reading the directory throws; USAGE for a key or statistic that does not exist
 */
export async function readTable(directory: string, options: TableOptions = {}): Promise<Report> {
  const sweep = await readSweep(directory);
  const expansion = expand(sweep);
  return tableOf(sweep, readOutcomes(directory, expansion.cells), options, expansion);
}

/**
 * The table of a sweep with these outcomes.
 * @param expansion of the sweep, where it is at hand: it is large
 * @throws as `View.table`
 */
export async function tableOf(
  sweep: Sweep,
  outcomes: Iterable<Outcome> | AsyncIterable<Outcome>,
  options: TableOptions = {},
  expansion: Expansion = expand(sweep),
): Promise<Report> {
  const view = viewOf(sweep.experiment);
  if (options.value !== undefined && !view.choosesValues) {
    throw new EdgesweepError('USAGE', 'the tables of this experiment have no numbers to choose from', {
      where: '--value',
      got: options.value.join(', '),
      fix: 'omit --value',
    });
  }
  const { expansion: settled, outcomes: counted } = await settle(sweep, expansion, outcomes);
  return view.table(withShardTitle(sweep) as never, settled as never, counted, options);
}

/**
 * The figure of sweep directories of one experiment.
 * @throws EdgesweepError USAGE for what does not exist, or not for this experiment; what reading a directory throws
 */
export async function draw(directories: readonly string[], options: DrawOptions = {}): Promise<TopLevelSpec> {
  const sweeps = await Promise.all(directories.map(readSweep));
  const [{ experiment }] = sweeps;
  if (sweeps.some((sweep) => sweep.experiment !== experiment)) {
    throw new EdgesweepError('USAGE', 'the sweeps are of different experiments', {
      where: directories.join(' '),
      got: sweeps.map((sweep) => `${sweep.name}: ${sweep.experiment}`).join(', '),
      fix: 'plot them one by one',
    });
  }
  return viewOf(experiment).figure(directories, sweeps.map(withShardTitle) as never, options);
}

/** A result in one line. */
export const describeResult = ({ task, result }: Outcome): string => viewOf(task.experiment).describe(result as never);
