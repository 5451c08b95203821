import type { ExperimentName } from '../../shared/mod.ts';
import type { Adaptive } from '../adaptive/growth.ts';
import { searchAdaptive } from './maximal-step-size/adaptive.ts';
import { survivalAdaptive } from './survival/adaptive.ts';

/** When runs are enough, by experiment; absent where their number is fixed. Apart from the views, which are slower to load. */
const ADAPTIVES: { [Name in ExperimentName]?: Adaptive<Name> } = {
  'maximal-step-size': searchAdaptive,
  survival: survivalAdaptive,
};

export const adaptiveOf = (experiment: ExperimentName): Adaptive<never> | undefined =>
  ADAPTIVES[experiment] as unknown as Adaptive<never> | undefined;
