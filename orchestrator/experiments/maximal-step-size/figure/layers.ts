import { COLORS, DASHES, LINE_WIDTH } from '../../../figure/style.ts';
import type { FigureData, Point } from './data.ts';
import { KINDS, type Kind, type Row } from './rows.ts';
import { axisTitle } from './words.ts';

export type Size = { width: number; height: number };

const SHAPES = [
  'circle',
  'square',
  'triangle-up',
  'diamond',
  'cross',
  'triangle-down',
  'triangle-right',
  'triangle-left',
];
/** Pixels from the top of a panel to the middle of its name. */
const HEADING = 18;
const DASH_LEGEND = {
  symbolType: 'stroke',
  symbolSize: 700,
  encoding: { symbols: { fill: { value: 'transparent' } } },
};
/** They begin beside the dot that may lie at their place. */
const ARROW_DOWN = 'M0,0.7L0,2.6M-0.5,2L0,2.6L0.5,2';
const ARROW_UP = 'M0,-0.7L0,-2.6M-0.5,-2L0,-2.6L0.5,-2';

/** What is drawn in each panel, from the back to the front, except for what there are no rows of. */
export function layers(
  { encoding, points, runs }: FigureData,
  lines: readonly string[],
  rows: readonly Row[],
  { width, height }: Size,
): unknown[] {
  const x = xChannel(points, encoding.x, encoding.scale.x);
  const y = { type: 'quantitative', title: 'maximal step size', ...yScale(encoding.scale.y, points) };
  const several = lines.length > 0;
  // words along the axis: lines side by side
  const beside = several && x.type === 'ordinal' && { xOffset: { field: 'line', sort: lines } };
  const title = encoding.color.map(axisTitle).join(', ') || 'sweep';
  // a legend of dashes where there are lines, else one of shapes: both at once would draw the outlines of the shapes in dashes
  const drawn = x.type === 'quantitative';
  const byLine = (range: unknown) => {
    const legend = drawn ? DASH_LEGEND : {};
    return { field: 'line', type: 'nominal', sort: lines, title, scale: { domain: lines, range }, legend };
  };
  const color = several ? byLine(COLORS) : { value: COLORS[1] };
  // Vega-Lite merges legends of the same domain, also one that is null: so where it is not wanted, the domain has one value more
  const shapes = byLine(SHAPES);
  const withoutLegend = { ...shapes, scale: { domain: [...lines, ''], range: SHAPES }, legend: null };
  const shape = several ? (drawn ? withoutLegend : shapes) : { value: 'circle' };
  const dash = several && { strokeDash: byLine(DASHES) };
  const mean = { x, ...beside, y: { ...y, field: 'mean' }, color };
  const spread = { x, ...beside, y: { ...y, field: 'low' }, y2: { field: 'high' }, color };
  const value = { x, ...beside, y: { ...y, field: 'value' }, color };
  const size = {
    field: 'runs',
    type: 'quantitative',
    legend: null,
    scale: { domain: [0, runs ?? 10], range: [0, 140] },
  };
  const dot = { type: 'point', size: 42, opacity: 1 };
  const arrow = { type: 'point', size: 90, strokeWidth: 1.5, filled: false, opacity: 0.9 };
  const means = [KINDS.mean, KINDS.partialMean];

  const layer = (
    kinds: readonly Kind[],
    mark: object,
    channels: object,
    further: readonly object[] = [],
  ): unknown[] => {
    if (!rows.some(({ kind }) => kinds.includes(kind))) return [];
    return [{ transform: [{ filter: { field: 'kind', oneOf: kinds } }, ...further], mark, encoding: channels }];
  };
  return [
    ...(encoding.facet === undefined ? [] : [heading(width)]),
    ...(drawn ? layer(means, { type: 'area', opacity: 0.18 }, spread) : []),
    ...(drawn && !rows.some(({ alone }) => alone)
      ? []
      : layer(means, { type: 'rule', strokeWidth: 1.5 }, spread, drawn ? [{ filter: 'datum.alone' }] : [])),
    ...layer([KINDS.run], { type: 'circle', opacity: 0.22 }, { ...value, size }),
    ...(drawn ? layer(means, { type: 'line', strokeWidth: LINE_WIDTH }, { ...mean, ...dash }) : []),
    ...layer([KINDS.mean], { ...dot, filled: true }, { ...mean, shape }),
    ...layer([KINDS.partialMean], { ...dot, filled: false, fill: 'white', strokeWidth: 1.5 }, { ...mean, shape }),
    ...layer([KINDS.atMost], { ...arrow, shape: ARROW_DOWN }, value),
    ...layer([KINDS.atLeast], { ...arrow, shape: ARROW_UP }, value),
    ...layer(
      [KINDS.paper],
      { type: 'tick', thickness: 2, size: 24, color: 'black', opacity: 1 },
      { x, ...beside, y: { ...y, field: 'value' } },
    ),
    ...layer(
      [KINDS.none],
      { type: 'text', text: 'no runs yet', color: '#777', fontSize: 12 },
      { x: { value: width / 2 }, y: { value: height / 2 } },
    ),
  ];
}

/**
 * The name of the panel, at the same height above each: Vega puts the labels of facets above whatever sticks out of a panel, such as a
 * number at the top of its axis.
 */
const heading = (width: number) => ({
  transform: [{ aggregate: [{ op: 'count' }], groupby: ['facet'] }],
  mark: { type: 'text', fontSize: 13, fontWeight: 'bold', color: 'black' },
  encoding: { text: { field: 'facet' }, x: { value: width / 2 }, y: { value: -HEADING } },
});

function xChannel(points: readonly Point[], key: string, scale: 'linear' | 'log') {
  const values = [...new Set(points.map(({ x }) => x))];
  const title = axisTitle(key);
  if (!values.every((value) => typeof value === 'number')) {
    return { field: 'x', type: 'ordinal', sort: values, title, axis: { labelAngle: 0 } };
  }
  return {
    field: 'x',
    type: 'quantitative',
    title,
    scale: { type: scale, nice: false, padding: 14, ...(scale === 'linear' && { zero: false }) },
    // just the values that were computed
    axis: { values, format: values.every(Number.isInteger) ? 'd' : '~r', grid: false, labelOverlap: 'greedy' },
  };
}

function yScale(type: 'linear' | 'log', points: readonly Point[]) {
  // room for the arrows
  const bounds = points.some(({ entry }) => entry.atMost + entry.atLeast > 0);
  if (type === 'linear')
    return { scale: { type, zero: false, ...(bounds && { padding: 18 }) }, axis: { minExtent: 34 } };
  let [low, high] = [Number.POSITIVE_INFINITY, 0];
  for (const { entry } of points) {
    for (const { value } of entry.tallies) [low, high] = [Math.min(low, value), Math.max(high, value)];
  }
  return {
    scale: { type, nice: false, padding: bounds ? 18 : 10 },
    axis: { minExtent: 34, values: decadeTicks(low, high), format: '~r' },
  };
}

/** Some of each power of ten from the one below `low` to that of `high`: each panel shows those of its range. */
function decadeTicks(low: number, high: number): number[] {
  const ticks: number[] = [];
  for (let k = Math.floor(Math.log10(low)); k <= Math.log10(high); k++) {
    ticks.push(...[1, 1.5, 2, 3, 5, 7].map((digit) => Number(`${digit}e${k}`)));
  }
  return ticks;
}
