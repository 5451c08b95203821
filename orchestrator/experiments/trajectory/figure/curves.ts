import { COLUMNS, type GridValue, oneLine, type Panel, panelFacts, type Series } from '../../../../shared/mod.ts';
import { BLOCKS } from '../../../../shared/sweep/mod.ts';
import type { Point } from '../../../figure/thin.ts';
import { placesOf } from './places.ts';
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

export const isLogarithmic = (panel: Panel): boolean => panelFacts(panel).logarithmic;

/** Column along the panel's horizontal axis, or `time` or `distance`. */
export function alongOf(figure: Pick<TrajectoryFigure, 'along'>, panel: Panel): string {
  const { along } = panelFacts(panel);
  return along === COLUMNS.iteration ? figure.along : along;
}

export const byBlocks = ({ lines }: Pick<TrajectoryFigure, 'lines'>): boolean => lines === BLOCKS;

/** The curves of a panel, of each line the whole network first. */
export function curvesOf(figure: TrajectoryFigure, panel: Panel, lines: readonly Line[]): Curve[] {
  const { column: ofWhole, named = FULL, others, values } = panelFacts(panel);
  return lines.flatMap((line) => {
    if (!byBlocks(figure)) return [wholeNetwork(figure, panel, line)];
    const draw = (name: string, column: string | Float64Array) => curve(figure, panel, line, name, column);
    const layers = others === undefined ? layerColumns(line.series, ofWhole) : [];
    return [
      draw(named, values?.(line.series) ?? ofWhole),
      ...layers.map((column, i) => draw(`layer ${i + 1}`, column)),
      ...Object.entries(others ?? {}).map(([name, column]) => draw(name, column)),
    ];
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
function wholeNetwork(figure: TrajectoryFigure, panel: Panel, line: Line): Curve {
  const facts = panelFacts(panel);
  const column = facts.ofKey ?? facts.column;
  const draw = (values: string | Float64Array) => curve(figure, panel, line, nameOf(figure, line), values);
  const layers = column === COLUMNS.stepSize ? layerColumns(line.series, column) : [];
  if (line.series.columns.get(column) !== undefined || layers.length === 0)
    return draw(facts.values?.(line.series) ?? column);
  const columns = layers.map((layer) => line.series.columns.get(layer)!);
  const mean = columns[0].map((_, i) =>
    Math.exp(columns.reduce((sum, values) => sum + Math.log(values[i]), 0) / columns.length),
  );
  return { ...draw(mean), geometricMean: true };
}

function layerColumns(series: Series, column: string): string[] {
  const names = [];
  for (let i = 1; series.columns.get(`${column}_layer_${i}`) !== undefined; i++) names.push(`${column}_layer_${i}`);
  return names;
}

function curve(figure: TrajectoryFigure, panel: Panel, line: Line, name: string, column: string | Float64Array): Curve {
  const { series } = line;
  const values = typeof column === 'string' ? series.columns.get(column) : column;
  const along = placesOf(line, alongOf(figure, panel));
  const points: Point[] = [];
  let leftOut = 0;
  for (let i = 0; i < series.rows && values !== undefined && along !== undefined; i++) {
    if (!Number.isFinite(values[i]) || !Number.isFinite(along[i])) continue;
    if (isLogarithmic(panel) && values[i] <= 0) leftOut++;
    else points.push({ x: along[i], value: values[i] });
  }
  return { name, line, points, leftOut, geometricMean: false };
}
