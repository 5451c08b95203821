import type { Panel } from '../../../../shared/sweep/mod.ts';
import { LINE_WIDTH, lineStyles } from '../../../figure/style.ts';
import type { Domain } from './axes.ts';
import { type Curve, FULL, isLogarithmic } from './curves.ts';
import type { Edge } from './edges.ts';
import { linearTicks, logarithmicTicks } from './ticks.ts';

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
/** The title lower, to stand in a line with the entries; nothing inside symbols, as Vega-Lite has it for crosses but not for lines. */
const LEGEND_MARKS = { symbols: { fill: { value: 'transparent' } }, title: { dy: { value: 4 } } };

/** Five digits: nobody sees more, and the last bits of what a value was computed from are left behind. */
export const tidy = (value: number): number => Number(value.toPrecision(5));

/** What the values of a point are in the picture. */
export function channelsOf({ panel, names, last, legend }: Contents, domain: Domain) {
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
