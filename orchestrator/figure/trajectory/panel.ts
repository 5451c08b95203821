import { stringify } from 'csv-stringify/sync';
import { COLORS, DASHES, LINE_WIDTH } from '../style.ts';
import { type Domain, domainOf } from './axes.ts';
import { type Curve, FULL, isLogarithmic } from './curves.ts';
import type { Edge } from './edges.ts';
import { type Point, thin } from './thin.ts';
import { logarithmicTicks } from './ticks.ts';
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
const EDGE_COLOR = '#777777';
/** Nobody sees more, and the last bits of what it was computed from are left behind. */
const DIGITS = 5;

/** The layers of a panel from the back to the front, and whether values are beyond its axis. */
export function panelLayers(contents: Contents): { layer: unknown[]; cut: boolean } {
  const { panel, curves, edges, points, size } = contents;
  const domain = domainOf(
    panel,
    curves,
    edges.flatMap((edge) => edge.points),
  );
  if (domain === undefined) {
    const encoding = { x: { value: size.width / 2 }, y: { value: size.height / 2 } };
    const mark = { type: 'text', text: emptiness(curves), color: '#777', fontSize: 12 };
    return { layer: [{ data: { values: [{}] }, mark, encoding }], cut: false };
  }
  // on top of its layers, as it is what they are compared with
  const ordered = curves.toSorted((a, b) => Number(a.name === FULL) - Number(b.name === FULL));
  const trainings = new Map<Line, number>();
  for (const { line } of curves) if (!trainings.has(line)) trainings.set(line, trainings.size + 1);
  const drawn = ordered.flatMap((curve) =>
    thin(curve.points, points).map((point) => [curve.name, trainings.get(curve.line)!, ...place(point)]),
  );
  const bounds = edges.flatMap((edge, i) =>
    thin(edge.points, points).map((point) => [edge.name ?? '', i + 1, ...place(point)]),
  );
  const crosses = ordered.flatMap((curve) =>
    curve.line.divergence === null
      ? []
      : curve.points.slice(-1).map((point) => [curve.name, trainings.get(curve.line)!, ...place(point)]),
  );
  const channels = channelsOf(contents, domain);
  const { x, y, color, strokeDash, strokeWidth } = channels;
  const detail = { field: 'training', type: 'nominal' };
  const layer = [
    part(
      bounds,
      far(domain, panel, 1),
      { type: 'line', clip: true, strokeWidth: 1, strokeDash: [7, 4] },
      {
        x,
        y,
        detail,
        color: { condition: { test: "datum.line !== ''", ...color }, value: EDGE_COLOR },
      },
    ),
    part(
      drawn,
      far(domain, panel, 1),
      { type: 'line', clip: true, strokeJoin: 'round' },
      {
        x,
        y,
        detail,
        color,
        strokeDash,
        strokeWidth,
      },
    ),
    part(
      crosses,
      far(domain, panel, 0),
      { type: 'point', shape: CROSS, size: 40, strokeWidth: 2, opacity: 1 },
      {
        x,
        y,
        color,
      },
    ),
  ];
  return { layer: layer.flat(), cut: domain.cut };
}

function emptiness(curves: readonly Curve[]): string {
  if (curves.length === 0) return EMPTY.none;
  return curves.every(({ line }) => line.divergence !== null) ? EMPTY.diverged : EMPTY.unmeasured;
}

const place = ({ x, value }: Point): number[] => [Number(x.toPrecision(7)), Number(value.toPrecision(DIGITS))];

/** A layer with its data; none without. As text a point takes a third of the room of an object. */
function part(
  rows: readonly (readonly (string | number)[])[],
  transform: unknown[],
  mark: object,
  encoding: object,
): unknown[] {
  if (rows.length === 0) return [];
  const values = stringify([['line', 'training', 'x', 'value'], ...rows]);
  const format = { type: 'csv', parse: { line: 'string', training: 'number', x: 'number', value: 'number' } };
  return [{ data: { values, format }, transform, mark, encoding }];
}

/**
 * What is beyond the axis is moved nearer, as viewers draw nothing sensible of 1e38 pixels.
 * @param beyond the axis by so many of its lengths
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
    legend,
  });
  return {
    x: {
      field: 'x',
      type: 'quantitative',
      title: panel === 'loss-by-cost' ? 'cost (gradient equivalents)' : 'iteration',
      scale: { domain: [0, last], nice: false },
      axis: { grid: false, tickCount: 5, tickMinStep: 1, format: ',d' },
    },
    y: {
      field: 'value',
      type: 'quantitative',
      title: null,
      scale: { type: isLogarithmic(panel) ? 'log' : 'linear', domain: rounded, nice: false },
      axis: isLogarithmic(panel) ? logarithmicAxis(domain) : { tickCount: 5 },
    },
    color: byName(colors),
    strokeDash: byName(dashes),
    strokeWidth: names.includes(FULL)
      ? { condition: { test: `datum.line === '${FULL}'`, value: LINE_WIDTH }, value: THIN }
      : { value: THIN },
  };
}

function logarithmicAxis(domain: Domain) {
  const { values, labels } = logarithmicTicks(domain);
  return { values, labelExpr: `${JSON.stringify(labels)}[indexof(${JSON.stringify(values)}, datum.value)]` };
}
