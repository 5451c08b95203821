import type { TopLevelSpec } from 'vega-lite';
import type { SearchSweep } from '../../../../shared/sweep/mod.ts';
import { type DrawOptions, refuseOptions } from '../../../figure/mod.ts';
import { readFigure } from './data.ts';
import { specification } from './specification.ts';

export { type FigureData, readFigure } from './data.ts';
export { specification } from './specification.ts';

/** The mean step sizes with their intervals, the runs as dots, and the printed values. */
export async function drawStepSizes(
  directories: readonly string[],
  sweeps: readonly SearchSweep[],
  options: DrawOptions,
): Promise<TopLevelSpec> {
  refuseOptions(
    { '--panels': options.panels, '--against': options.against },
    'a figure of maximal step sizes has one panel for each value of --facet',
  );
  return specification(await readFigure(directories, sweeps, options));
}
