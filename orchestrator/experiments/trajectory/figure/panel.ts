import { stringify } from 'csv-stringify/sync';
import { type Panel, panelFacts } from '../../../../shared/mod.ts';
import { type Point, thin } from '../../../figure/thin.ts';
import { type Domain, domainOf } from './axes.ts';
import { type Contents, channelsOf, tidy } from './channels.ts';
import { type Curve, isLogarithmic } from './curves.ts';
import { densityLayers } from './density.ts';
import type { Edge } from './edges.ts';
import type { Line } from './types.ts';
import { EMPTY } from './words.ts';

const CROSS = 'M-1,-1L1,1M1,-1L-1,1';
const EDGE_COLOR = '#444444';
/** Pixels. */
const EDGE_WIDTH = 5;
const EDGE_OPACITY = 0.35;
/** From the end of the axis to a cross that stands for what is beyond, as a share of the axis. */
const CROSS_ROOM = 0.03;

/** @returns the layers of the panel from the back to the front, the edges that are drawn, and whether values are beyond the axis */
export function panelLayers(contents: Contents): { layer: unknown[]; edges: readonly Edge[]; cut: boolean } {
  const { panel, curves, edges, points, size, names } = contents;
  const heat = panelFacts(panel).heat && densityLayers(contents);
  if (heat) return { layer: heat, edges: [], cut: false };
  const domain = domainOf(
    panel,
    curves,
    edges.flatMap((edge) => edge.points),
  );
  if (domain === undefined) {
    const encoding = { x: { value: size.width / 2 }, y: { value: size.height / 2 } };
    const mark = { type: 'text', text: emptiness(curves), color: '#777', fontSize: 12 };
    return { layer: [{ data: { values: [{}] }, mark, encoding }], edges: [], cut: false };
  }
  const trainings = new Map<Line, number>();
  for (const { line } of curves) if (!trainings.has(line)) trainings.set(line, trainings.size + 1);
  const of = ({ name, line }: Curve) => [names.indexOf(name), trainings.get(line)!];
  const drawn = curves.flatMap((curve) => thin(curve.points, points).map((point) => [...of(curve), ...place(point)]));
  const within = edges.filter((edge) => edge.points.some(({ value }) => value <= domain.high));
  const bounds = within.flatMap((edge, i) =>
    thin(edge.points, points).map((point) => [
      edge.name === undefined ? '' : names.indexOf(edge.name),
      i + 1,
      ...place(point),
    ]),
  );
  // the whole network's in front
  const crosses = curves
    .toReversed()
    .filter(({ line }) => line.divergence !== null)
    .flatMap((curve) => curve.points.slice(-1).map((point) => [...of(curve), ...place(point)]));
  const { x, y, color, strokeDash, strokeWidth } = channelsOf(contents, domain);
  const detail = { field: 'training', type: 'nominal' };
  const line = { type: 'line', clip: true };
  const edgeColor = { condition: { test: "datum.line !== ''", ...color }, value: EDGE_COLOR };
  const layer = [
    part(names, drawn, far(domain, panel, 1), { ...line, strokeJoin: 'round', opacity: 0.9 }, [
      { x, y, detail, color, strokeDash, strokeWidth },
    ]),
    // over the curves, which stay about it, wide and pale so that nobody takes it for one of them
    part(names, bounds, far({ ...domain, cut: true }, panel, 1), line, [
      { x, y, detail, color: edgeColor, strokeWidth: { value: EDGE_WIDTH }, opacity: { value: EDGE_OPACITY } },
    ]),
    part(
      names,
      crosses,
      far(domain, panel, -CROSS_ROOM),
      { type: 'point', shape: CROSS, size: 40, strokeWidth: 2, opacity: 1 },
      [{ x, y, color }],
    ),
  ];
  return { layer: layer.flat(), edges: within, cut: domain.cut };
}

function emptiness(curves: readonly Curve[]): string {
  if (curves.length === 0) return EMPTY.none;
  return curves.every(({ line }) => line.divergence !== null && line.divergence.iteration <= 1)
    ? EMPTY.diverged
    : EMPTY.unmeasured;
}

const place = ({ x, value }: Point): number[] => [Number(x.toPrecision(7)), tidy(value)];

/**
 * A layer with its data for each way to draw it; none without data. As text, with the number of its line's name, a point takes a fifth of
 * the room that it would as an object.
 */
function part(
  names: readonly string[],
  rows: readonly (readonly (string | number)[])[],
  transform: unknown[],
  mark: object,
  encodings: readonly object[],
): unknown[] {
  if (rows.length === 0) return [];
  const values = stringify([['line', 'training', 'x', 'value'], ...rows]);
  const format = { type: 'csv', parse: { line: 'number', training: 'number', x: 'number', value: 'number' } };
  const layer = encodings.map((encoding) => ({ mark, encoding }));
  const named = { calculate: `${JSON.stringify(names)}[datum.line] || ''`, as: 'line' };
  return [
    { data: { values, format }, transform: [named, ...transform], ...(layer.length === 1 ? layer[0] : { layer }) },
  ];
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
      calculate: `clamp(datum.value, ${tidy(bottom)}, ${tidy(top)})`,
      as: 'value',
    },
  ];
}
