import type { Along, Edge, GridValue, Panel, Series } from '../../../../shared/mod.ts';

/** One training. */
export type Line = {
  /** the cell's values at the keys that vary in the sweep */
  values: ReadonlyMap<string, GridValue>;
  run: number;
  series: Series;
  /** where its optimiser ceases to be stable */
  edge: Edge;
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
  /** of a row, left to right */
  panels: readonly Panel[];
  /** the horizontal axis of panels along iterations */
  along: Along;
  tasks: { done: number; total: number };
};
