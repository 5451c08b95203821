/**
 * What one training recorded. Columns by name, one value an iteration, NaN where not measured or not finite:
 * `iteration` (1, 2, ...), `loss`, `gradient_norm`, `sharpness` (largest eigenvalue of the Hessian), `step_size`, `cost` (so far, in
 * gradient equivalents); of a layer `gradient_norm_layer_1`, `sharpness_layer_1`, `step_size_layer_1`, ...
 */
export type Series = { rows: number; column(name: string): Float64Array | undefined };

/** One training. */
export type Line = {
  /** the cell's values at the keys that vary in the sweep */
  values: ReadonlyMap<string, string | number | boolean>;
  run: number;
  series: Series;
  /** null when it did not diverge */
  divergence: { iteration: number } | null;
};

/** What is drawn in a panel; along the horizontal axis are iterations, for `loss-by-cost` gradient equivalents. */
export type Panel = 'loss' | 'loss-by-cost' | 'sharpness' | 'gradient-norm' | 'step-size';

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
  tasks: { done: number; total: number };
};
