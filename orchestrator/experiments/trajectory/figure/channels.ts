import { COLUMNS, type Panel } from '../../../../shared/mod.ts';
import { LINE_WIDTH, lineStyles } from '../../../figure/style.ts';
import type { Domain } from './axes.ts';
import { type Curve, FULL, isLogarithmic } from './curves.ts';
import type { Edge } from './edges.ts';
import { DISTANCE, TIME } from './places.ts';
import { linearTicks, logarithmicTicks } from './ticks.ts';

/** What one panel shows, and how. */
export type Contents = {
  panel: Panel;
  /** column along the horizontal axis, or `time` or `distance` */
  along: string;
  curves: readonly Curve[];
  edges: readonly Edge[];
  /** names of the whole figure's lines, in the order of the legend */
  names: readonly string[];
  /** how far the horizontal axis goes */
  last: number;
  /** points kept of a curve */
  points: number;
  /** pixels */
  size: { width: number; height: number };
  /** null: no legend; columns in entries */
  legend: { columns: number; title: string | null } | null;
};

/** Of horizontal axes, by their column. */
const AXIS_TITLES: Readonly<Record<string, string>> = {
  [COLUMNS.iteration]: 'iteration',
  [COLUMNS.cost]: 'cost (gradient equivalents)',
  [TIME]: 'time (sum of step sizes)',
  [DISTANCE]: 'distance (length of the path)',
};
/** Pixels. */
const THIN = 1.2;
/** The title lower, to stand in a line with the entries; nothing inside symbols, as Vega-Lite has it for crosses but not for lines. */
const LEGEND_MARKS = { symbols: { fill: { value: 'transparent' } }, title: { dy: { value: 4 } } };

/** Five digits: nobody sees more, and the last bits of what a value was computed from are left behind. */
export const tidy = (value: number): number => Number(value.toPrecision(5));

/** What the values of a point are in the picture. */
export function channelsOf(contents: Contents, domain: Domain) {
  const { panel, names, legend } = contents;
  const rounded = [domain.low, domain.high].map(tidy);
  const { colors, dashes } = lineStyles(names.length);
  const byName = (range: unknown) => ({
    field: 'line',
    type: 'nominal',
    sort: names,
    scale: { domain: names, range },
    legend: legend && { ...legend, encoding: LEGEND_MARKS },
  });
  return {
    x: horizontalOf(contents),
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

/** The horizontal axis, whose places are in `x`. */
export const horizontalOf = ({ along, last }: Pick<Contents, 'along' | 'last'>) => ({
  field: 'x',
  type: 'quantitative',
  title: AXIS_TITLES[along],
  scale: { domain: [0, last], nice: false },
  axis: {
    grid: false,
    tickCount: 4,
    ...(along === TIME || along === DISTANCE ? { format: ',~r' } : { tickMinStep: 1, format: ',d' }),
    labelFlush: false,
  },
});

const linearAxis = (domain: Domain) => ({
  values: linearTicks(domain),
  format: domain.high < 1e6 ? ',~r' : '.2~e',
});

function logarithmicAxis(domain: Domain) {
  const { values, labels } = logarithmicTicks(domain);
  return { values, labelExpr: `${JSON.stringify(labels)}[indexof(${JSON.stringify(values)}, datum.value)]` };
}
