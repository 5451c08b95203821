import type { ExperimentName } from '../../shared/mod.ts';
import { mapDump } from './map/dump.ts';
import { searchDump } from './maximal-step-size/dump.ts';
import { trajectoryDump } from './trajectory/dump.ts';
import type { Dump } from './view.ts';

/**
 * What `dump` writes, by experiment; absent where there is nothing to check. Apart from the views, because it loads the engines,
 * which commands that only show results do not need.
 */
const DUMPS: { [Name in ExperimentName]?: Dump<Name> } = {
  'maximal-step-size': searchDump,
  trajectory: trajectoryDump,
  map: mapDump,
};

export const dumpOf = (experiment: ExperimentName): Dump<never> | undefined =>
  DUMPS[experiment] as unknown as Dump<never> | undefined;

/** The experiment that each option of `dump` is for, and what it chooses. */
export const dumpOptions = (Object.entries(DUMPS) as unknown as [ExperimentName, Dump<never>][]).flatMap(
  ([experiment, { options }]) => Object.entries(options).map(([name, what]) => ({ name, what, experiment })),
);
