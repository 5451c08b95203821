import type { TopLevelSpec } from 'vega-lite';
import { ALONG, EdgesweepError, keyName, PANELS, type Panel } from '../../../../shared/mod.ts';
import type { TrajectorySweep } from '../../../../shared/sweep/mod.ts';
import { type DrawOptions, refuseOptions } from '../../../figure/mod.ts';
import { readTrajectories } from './read.ts';
import { trajectorySpecification } from './specification.ts';

export { trajectorySpecification } from './specification.ts';
export type { Line, TrajectoryFigure } from './types.ts';

/** Courses of trainings: a row of panels for each combination of values. */
export async function drawTrajectories(
  directories: readonly string[],
  sweeps: readonly TrajectorySweep[],
  { x, facet, by, log, linear, title, panels, against }: DrawOptions,
): Promise<TopLevelSpec> {
  const axes = { '--log': log?.length ? log : undefined, '--linear': linear?.length ? linear : undefined };
  refuseOptions({ '--against': against }, 'it draws maximal step sizes into a figure of survival');
  refuseOptions(axes, 'each panel of trajectories sets its own vertical axis');
  if (by !== undefined && by.length > 1)
    refuseOptions({ '--by': by }, 'the lines of trajectories are `blocks`, or one key');
  const unknown = panels?.find((panel) => !PANELS.some((known) => known === panel));
  if (unknown !== undefined) {
    const details = { where: '--panels', expected: `one or more of ${PANELS.join(', ')}`, got: unknown };
    throw new EdgesweepError('USAGE', 'there is no such panel', details);
  }
  const along = ALONG.find((known) => known === x);
  if (x !== undefined && along === undefined) {
    const details = { where: '--x', expected: ALONG.join(', '), got: x };
    throw new EdgesweepError('USAGE', 'trajectories are not plotted along that', details);
  }
  const { figure, lines } = await readTrajectories(directories, sweeps, {
    rows: facet === undefined ? undefined : [keyName(facet)],
    lines: by?.[0],
    panels: panels as readonly Panel[] | undefined,
    along,
    title,
  });
  return trajectorySpecification(figure, lines);
}
