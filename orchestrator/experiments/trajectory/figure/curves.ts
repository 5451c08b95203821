import { type GridValue, oneLine, type Series } from '../../../../shared/mod.ts';
import { BLOCKS, type Panel } from '../../../../shared/sweep/mod.ts';
import type { Point } from '../../../figure/thin.ts';
import type { Line, TrajectoryFigure } from './types.ts';

/** The name of the whole network among its layers. */
export const FULL = 'Full';

/** What is drawn of one line in one panel, before thinning. */
export type Curve = {
  /** in the legend */
  name: string;
  /** the training that it is of: curves with one name may be of several */
  line: Line;
  /** those that are measured, finite, and have a place on the axis */
  points: Point[];
  /** points that have none on a logarithmic axis */
  leftOut: number;
  /** whether it stands for the whole network but is made of its layers' step sizes */
  geometricMean: boolean;
};

const COLUMNS: Record<Panel, string> = {
  loss: 'loss',
  'loss-by-cost': 'loss',
  sharpness: 'sharpness',
  'gradient-norm': 'gradient_norm',
  'step-size': 'step_size',
};

export const isLogarithmic = (panel: Panel): boolean => panel !== 'sharpness';

export const byBlocks = ({ lines }: Pick<TrajectoryFigure, 'lines'>): boolean => lines === BLOCKS;

/** The curves of a panel, of each line the whole network first. */
export function curvesOf(figure: TrajectoryFigure, panel: Panel, lines: readonly Line[]): Curve[] {
  return lines.flatMap((line) => {
    if (!byBlocks(figure)) return [wholeNetwork(panel, line, nameOf(figure, line))];
    const whole = curve(panel, line, FULL, COLUMNS[panel]);
    const layers = layerColumns(line.series, COLUMNS[panel]);
    return [whole, ...layers.map((column, i) => curve(panel, line, `layer ${i + 1}`, column))];
  });
}

/** The value at the lines' key; where it does not vary, the whole network is all that there is to say. */
export function nameOf({ lines }: TrajectoryFigure, { values }: Line): string {
  return oneLine(String(values.get(lines) ?? FULL));
}

/** The training's values at these keys, of those that vary. */
export function valuesAt(keys: readonly string[], { values }: Line): [string, GridValue][] {
  return keys.flatMap((key): [string, GridValue][] => {
    const value = values.get(key);
    return value === undefined ? [] : [[key, value]];
  });
}

/** Of step sizes for each layer their geometric mean: on the logarithmic axis the middle of the layers. */
function wholeNetwork(panel: Panel, line: Line, name: string): Curve {
  const column = COLUMNS[panel];
  const layers = panel === 'step-size' ? layerColumns(line.series, column) : [];
  if (line.series.columns.get(column) !== undefined || layers.length === 0) return curve(panel, line, name, column);
  const columns = layers.map((layer) => line.series.columns.get(layer)!);
  const mean = columns[0].map((_, i) =>
    Math.exp(columns.reduce((sum, values) => sum + Math.log(values[i]), 0) / columns.length),
  );
  return { ...curve(panel, line, name, mean), geometricMean: true };
}

function layerColumns(series: Series, column: string): string[] {
  const names = [];
  for (let i = 1; series.columns.get(`${column}_layer_${i}`) !== undefined; i++) names.push(`${column}_layer_${i}`);
  return names;
}

function curve(panel: Panel, line: Line, name: string, column: string | Float64Array): Curve {
  const { series } = line;
  const values = typeof column === 'string' ? series.columns.get(column) : column;
  const along = series.columns.get(panel === 'loss-by-cost' ? 'cost' : 'iteration');
  const points: Point[] = [];
  let leftOut = 0;
  for (let i = 0; i < series.rows && values !== undefined && along !== undefined; i++) {
    if (!Number.isFinite(values[i]) || !Number.isFinite(along[i])) continue;
    if (isLogarithmic(panel) && values[i] <= 0) leftOut++;
    else points.push({ x: along[i], value: values[i] });
  }
  return { name, line, points, leftOut, geometricMean: false };
}
