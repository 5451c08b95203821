import type { GridValue, Series } from '../../../../shared/mod.ts';
import type { Panel } from '../../../../shared/sweep/mod.ts';

/** One training. */
export type Line = {
  /** the cell's values at the keys that vary in the sweep */
  values: ReadonlyMap<string, GridValue>;
  run: number;
  series: Series;
  /** null when it did not diverge */
  divergence: { iteration: number } | null;
};

/** What a figure of trajectories is to show. */
export type TrajectoryFigure = {
  title: string;
  source: string | undefined;
  /** what a reader has to know besides, a line each */
  notes: string[];
  /** grid keys: one row of panels for each combination of their values */
  rows: readonly string[];
  /** `blocks`: the whole network, called Full, and each layer; a grid key: the whole network, a line for each value */
  lines: 'blocks' | string;
  /** of a row, left to right; along the horizontal axis are iterations, of `loss-by-cost` gradient equivalents */
  panels: readonly Panel[];
  tasks: { done: number; total: number };
};
