import type { TopLevelSpec } from 'vega-lite';
import { COLORS, CONFIG, DASHES, LINE_WIDTH, SCHEMA } from '../../dist/orchestrator/figure/style.js';

/** Microseconds per step and trial of one contender at one point. */
export type CurvePoint = { x: number; by: string; microseconds: number };

/** Both axes logarithmic, a line for each contender. */
export function curveFigure(title: string, points: readonly CurvePoint[]): TopLevelSpec {
  const names = [...new Set(points.map(({ by }) => by))];
  // one domain and one legend, so that Vega-Lite makes a single legend of colours and dashes
  const legend = { symbolType: 'stroke', symbolSize: 700, columns: 3 };
  const line = (range: readonly unknown[]) => ({
    field: 'by',
    type: 'nominal',
    sort: names,
    title: null,
    scale: { domain: names, range: range.slice(0, names.length) },
    legend,
  });
  const xs = [...new Set(points.map(({ x }) => x))].toSorted((a, b) => a - b);
  return {
    $schema: SCHEMA,
    config: CONFIG,
    title,
    width: 420,
    height: 300,
    data: { values: points },
    mark: { type: 'line', point: { filled: true }, strokeWidth: LINE_WIDTH },
    encoding: {
      x: { field: 'x', type: 'quantitative', title, scale: { type: 'log' }, axis: { values: xs, format: 'd' } },
      y: { field: 'microseconds', type: 'quantitative', title: 'µs per step and trial', scale: { type: 'log' } },
      color: line(COLORS),
      strokeDash: line(DASHES),
    },
  } as TopLevelSpec;
}
