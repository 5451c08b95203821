import type { TopLevelSpec } from 'vega-lite';
import {
  EdgesweepError,
  keyName,
  PANELS,
  type SearchSweep,
  type Sweep,
  type TrajectorySweep,
} from '../../shared/mod.ts';
import { readSweep } from '../directory/mod.ts';
import { readFigure } from './data.ts';
import type { FigureOptions } from './encoding.ts';
import { specification } from './specification.ts';
import { readTrajectories, trajectorySpecification } from './trajectory/mod.ts';

export type DrawOptions = FigureOptions & {
  title?: string | undefined;
  /** of trajectories: what is drawn, from left to right */
  panels?: readonly string[] | undefined;
};

/**
 * The figure of sweep directories of one experiment.
 * @throws EdgesweepError USAGE for what does not exist, or not for this experiment; what reading a directory throws
 */
export async function draw(directories: readonly string[], options: DrawOptions = {}): Promise<TopLevelSpec> {
  const sweeps = await Promise.all(directories.map(readSweep));
  if (sweeps.every(isOfTrajectories)) return drawTrajectories(directories, sweeps, options);
  if (sweeps.every(isOfStepSizes)) {
    refuse({ '--panels': options.panels }, 'a figure of maximal step sizes has one panel for each value of --facet');
    return specification(await readFigure(directories, sweeps, options));
  }
  throw new EdgesweepError('USAGE', 'these are sweeps of different experiments', {
    where: directories.join(' '),
    got: sweeps.map(({ name, experiment }) => `${name}: ${experiment}`).join(', '),
    fix: 'draw them one by one',
  });
}

const isOfTrajectories = (sweep: Sweep): sweep is TrajectorySweep => sweep.experiment === 'trajectory';
const isOfStepSizes = (sweep: Sweep): sweep is SearchSweep => sweep.experiment === 'maximal-step-size';

async function drawTrajectories(
  directories: readonly string[],
  sweeps: readonly TrajectorySweep[],
  { x, facet, by, log, linear, title, panels }: DrawOptions,
): Promise<TopLevelSpec> {
  const axes = { '--x': x, '--log': log?.length ? log : undefined, '--linear': linear?.length ? linear : undefined };
  refuse(axes, 'the axes of trajectories are iterations, or cost, and what each panel says');
  if (by !== undefined && by.length > 1) refuse({ '--by': by }, 'the lines of trajectories are `blocks`, or one key');
  const unknown = panels?.find((panel) => !PANELS.some((known) => known === panel));
  if (unknown !== undefined) {
    const details = { where: '--panels', expected: `one or more of ${PANELS.join(', ')}`, got: unknown };
    throw new EdgesweepError('USAGE', 'there is no such panel', details);
  }
  const { figure, lines } = await readTrajectories(directories, sweeps, {
    rows: facet === undefined ? undefined : [keyName(facet)],
    lines: by?.[0],
    panels: panels as readonly (typeof PANELS)[number][] | undefined,
    title,
  });
  return trajectorySpecification(figure, lines);
}

/** @throws EdgesweepError USAGE for the first flag that is given */
function refuse(flags: Readonly<Record<string, unknown>>, why: string): void {
  const given = Object.keys(flags).find((flag) => flags[flag] !== undefined);
  if (given === undefined) return;
  throw new EdgesweepError('USAGE', `${given} is not for this figure`, {
    where: given,
    expected: why,
    fix: 'leave it away',
  });
}
