import { stringify } from 'csv-stringify/sync';
import { COLORS, DASHES, LINE_WIDTH } from '../style.ts';
import { type Domain, domainOf } from './axes.ts';
import { type Curve, FULL, isLogarithmic } from './curves.ts';
import type { Edge } from './edges.ts';
import { type Point, thin } from './thin.ts';
import { linearTicks, logarithmicTicks } from './ticks.ts';
import type { Line, Panel } from './types.ts';
import { EMPTY } from './words.ts';

/** What one panel shows, and how. */
export type Contents = {
  panel: Panel;
  curves: readonly Curve[];
  edges: readonly Edge[];
  /** names of the whole figure's lines, in the order of the legend */
  names: readonly string[];
  /** how far the horizontal axis goes, in iterations or gradient equivalents */
  last: number;
  /** points kept of a curve */
  points: number;
  /** pixels */
  size: { width: number; height: number };
  /** null: no legend; columns in entries */
  legend: { columns: number; title: string | null } | null;
};

/** Pixels. */
const THIN = 1.2;
const CROSS = 'M-1,-1L1,1M1,-1L-1,1';
/** The title lower, to stand in a line with the entries; nothing inside symbols, as Vega-Lite has it for crosses but not for lines. */
const LEGEND_MARKS = { symbols: { fill: { value: 'transparent' } }, title: { dy: { value: 4 } } };
const EDGE_COLOR = '#444444';
/** From the end of the axis to a cross that stands for what is beyond, as a share of the axis. */
const CROSS_ROOM = 0.03;
/** Nobody sees more, and the last bits of what it was computed from are left behind. */
const DIGITS = 5;

/** @returns the layers of the panel from the back to the front, how many edges are drawn, and whether values are beyond the axis */
export function panelLayers(contents: Contents): { layer: unknown[]; edges: number; cut: boolean } {
  const { panel, curves, edges, points, size } = contents;
  const domain = domainOf(
    panel,
    curves,
    edges.flatMap((edge) => edge.points),
  );
  if (domain === undefined) {
    const encoding = { x: { value: size.width / 2 }, y: { value: size.height / 2 } };
    const mark = { type: 'text', text: emptiness(curves), color: '#777', fontSize: 12 };
    return { layer: [{ data: { values: [{}] }, mark, encoding }], edges: 0, cut: false };
  }
  const trainings = new Map<Line, number>();
  for (const { line } of curves) if (!trainings.has(line)) trainings.set(line, trainings.size + 1);
  const drawn = curves.flatMap((curve) =>
    thin(curve.points, points).map((point) => [curve.name, trainings.get(curve.line)!, ...place(point)]),
  );
  const within = edges.filter((edge) => edge.points.some(({ value }) => value <= domain.high));
  const bounds = within.flatMap((edge, i) =>
    thin(edge.points, points).map((point) => [edge.name ?? '', i + 1, ...place(point)]),
  );
  // the whole network's in front
  const crosses = curves
    .toReversed()
    .flatMap((curve) =>
      curve.line.divergence === null
        ? []
        : curve.points.slice(-1).map((point) => [curve.name, trainings.get(curve.line)!, ...place(point)]),
    );
  const { x, y, color, strokeDash, strokeWidth } = channelsOf(contents, domain);
  const detail = { field: 'training', type: 'nominal' };
  const line = { type: 'line', clip: true };
  const edgeColor = { condition: { test: 'datum.line !== null', ...color }, value: EDGE_COLOR };
  const layer = [
    part(drawn, far(domain, panel, 1), { ...line, strokeJoin: 'round', opacity: 0.9 }, [
      { x, y, detail, color, strokeDash, strokeWidth },
    ]),
    // over the curves, which stay about it, and so with a bright rim
    part(bounds, far({ ...domain, cut: true }, panel, 1), line, [
      { x, y, detail, color: { value: 'white' }, strokeWidth: { value: 2 }, opacity: { value: 0.8 } },
      { x, y, detail, color: edgeColor, strokeWidth: { value: 1 }, strokeDash: { value: [7, 3] } },
    ]),
    part(
      crosses,
      far(domain, panel, -CROSS_ROOM),
      { type: 'point', shape: CROSS, size: 40, strokeWidth: 2, opacity: 1 },
      [{ x, y, color }],
    ),
  ];
  return { layer: layer.flat(), edges: within.length, cut: domain.cut };
}

function emptiness(curves: readonly Curve[]): string {
  if (curves.length === 0) return EMPTY.none;
  return curves.every(({ line }) => line.divergence !== null && line.divergence.iteration <= 1)
    ? EMPTY.diverged
    : EMPTY.unmeasured;
}

const place = ({ x, value }: Point): number[] => [Number(x.toPrecision(7)), Number(value.toPrecision(DIGITS))];

/** A layer with its data for each way to draw it; none without data. As text a point takes a third of the room of an object. */
function part(
  rows: readonly (readonly (string | number)[])[],
  transform: unknown[],
  mark: object,
  encodings: readonly object[],
): unknown[] {
  if (rows.length === 0) return [];
  const values = stringify([['line', 'training', 'x', 'value'], ...rows]);
  const format = { type: 'csv', parse: { line: 'string', training: 'number', x: 'number', value: 'number' } };
  const layer = encodings.map((encoding) => ({ mark, encoding }));
  return [{ data: { values, format }, transform, ...(layer.length === 1 ? layer[0] : { layer }) }];
}

/**
 * What is beyond the axis is moved nearer, as viewers draw nothing sensible of 1e38 pixels.
 * @param beyond the axis by so many of its lengths; short of its end if negative
 */
function far({ low, high, cut }: Domain, panel: Panel, beyond: number): unknown[] {
  if (!cut) return [];
  const [bottom, top] = isLogarithmic(panel)
    ? [low / (high / low) ** beyond, high * (high / low) ** beyond]
    : [low - (high - low) * beyond, high + (high - low) * beyond];
  return [
    {
      calculate: `clamp(datum.value, ${Number(bottom.toPrecision(DIGITS))}, ${Number(top.toPrecision(DIGITS))})`,
      as: 'value',
    },
  ];
}

function channelsOf({ panel, names, last, legend }: Contents, domain: Domain) {
  const rounded = [domain.low, domain.high].map((value) => Number(value.toPrecision(DIGITS)));
  // one color and dash for each, also of more lines than there are colors
  const dashes = names.map((_, i) => DASHES[(i + Math.floor(i / COLORS.length)) % DASHES.length]);
  const colors = names.map((_, i) => COLORS[i % COLORS.length]);
  const byName = (range: unknown) => ({
    field: 'line',
    type: 'nominal',
    sort: names,
    scale: { domain: names, range },
    legend: legend && { ...legend, encoding: LEGEND_MARKS },
  });
  return {
    x: {
      field: 'x',
      type: 'quantitative',
      title: panel === 'loss-by-cost' ? 'cost (gradient equivalents)' : 'iteration',
      scale: { domain: [0, last], nice: false },
      axis: { grid: false, tickCount: 4, tickMinStep: 1, format: ',d', labelFlush: false },
    },
    y: {
      field: 'value',
      type: 'quantitative',
      title: null,
      scale: { type: isLogarithmic(panel) ? 'log' : 'linear', domain: rounded, nice: false },
      axis: isLogarithmic(panel) ? logarithmicAxis(domain) : linearAxis(domain),
    },
    color: byName(colors),
    strokeDash: byName(dashes),
    strokeWidth: names.includes(FULL)
      ? { condition: { test: `datum.line === '${FULL}'`, value: LINE_WIDTH }, value: THIN }
      : { value: THIN },
  };
}

const linearAxis = (domain: Domain) => ({
  values: linearTicks(domain),
  format: domain.high < 1e6 ? ',~r' : '.2~e',
});

function logarithmicAxis(domain: Domain) {
  const { values, labels } = logarithmicTicks(domain);
  return { values, labelExpr: `${JSON.stringify(labels)}[indexof(${JSON.stringify(values)}, datum.value)]` };
}
