import { cellKey } from '../../../shared/mod.ts';
import type { Adaptive } from '../../adaptive/growth.ts';
import { histogramOf, moments } from '../../statistics.ts';

/** Each cell by itself: the interval of its mean, Student's t. Runs that only bound the step size count with their bound, as in tables. */
export const searchAdaptive: Adaptive<'maximal-step-size'> = {
  unitOf: (_, cell) => cellKey(cell),
  width(_, __, results) {
    const { mean, ci95 } = moments(histogramOf(results.flat().map(({ stepSize }) => stepSize)));
    return ci95 === null ? null : ci95 / mean;
  },
};
