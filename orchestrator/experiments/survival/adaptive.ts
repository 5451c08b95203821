import { divergedWithin, type SurvivalCell } from '../../../shared/mod.ts';
import { horizonsOf } from '../../../shared/sweep/mod.ts';
import type { Adaptive } from '../../adaptive/growth.ts';
import { type DataSet, emptyDataSet } from './statistics/counts.ts';
import { estimate, quantilesOf } from './statistics/estimate.ts';
import { trainingOf } from './training.ts';

/** All step sizes of a curve together: the interval of η50 that the table shows, at the longest horizon. */
export const survivalAdaptive: Adaptive<'survival'> = {
  unitOf: (_, cell) => trainingOf(cell as SurvivalCell),
  width(sweep, cells, results) {
    const steps = Math.max(...horizonsOf(sweep));
    const stepSizes = (cells as readonly SurvivalCell[]).map(({ stepSize }) => stepSize);
    const order = stepSizes.map((_, i) => i).sort((a, b) => stepSizes[a] - stepSizes[b]);
    const dataSets = results[0].map((_, run): DataSet => {
      const dataSet = emptyDataSet(order.length);
      order.forEach((cell, i) => {
        dataSet.trained[i] = results[cell][run].divergedAt.length;
        dataSet.diverged[i] = divergedWithin(results[cell][run], steps);
      });
      return dataSet;
    });
    const ascending = order.map((cell) => stepSizes[cell]);
    const { value, low, high } = quantilesOf(estimate(ascending, dataSets, sweep.seed)).eta50;
    return value === null || low === null || high === null ? null : (high - low) / 2 / value;
  },
};
