import { stringify } from 'csv-stringify/sync';
import { densityColumns } from '../../../../shared/mod.ts';
import { type Contents, horizontalOf, tidy } from './channels.ts';
import { placesOf } from './places.ts';

/** Cells of a column of the heat map. */
const BINS = 48;
/** The share of the largest magnitude below which the vertical axis is linear: there is the bulk. */
const LINEAR_SHARE = 1e-3;
/** Standard deviation of the Gaussian that a node becomes, in cells. */
const BLUR = 1.2;
/** Shares of eigenvalues in a cell, in powers of ten: white up to the first, the darkest from the last on. */
const [FAINT, FULL_COLOR] = [-4, -0.5];
const LEVELS = 24;
const DARKEST = [8, 29, 88];

/** Of one measurement: where it is, and what its nodes are. */
type Column = { x: number; nodes: { value: number; weight: number }[] };

/**
 * The spectral density over a training as a heat map: of each measurement a column, from halfway after the one before to halfway to the
 * next; of several trainings in a panel their mean. Along the vertical axis is the eigenvalue, linear about 0 and logarithmic beyond.
 *
 * @returns undefined where nothing was measured
 */
export function densityLayers(contents: Contents): unknown[] | undefined {
  const columns = columnsOf(contents);
  if (columns.length === 0) return undefined;
  const values = columns.flatMap(({ nodes }) => nodes.map(({ value }) => value));
  const constant = LINEAR_SHARE * Math.max(...values.map(Math.abs)) || 1;
  const place = (value: number) => Math.sign(value) * Math.log1p(Math.abs(value) / constant);
  const valueAt = (s: number) => Math.sign(s) * constant * Math.expm1(Math.abs(s));
  const [low, high] = [Math.min(...values, 0), Math.max(...values, 0)].map(place);
  const width = ((high - low) * (1 + 2 / BINS)) / BINS || 1;
  const bottom = low - width;
  const rows = columns.flatMap(({ x, nodes }, i) => {
    const left = i === 0 ? x : (columns[i - 1].x + x) / 2;
    const right = i === columns.length - 1 ? contents.last : (x + columns[i + 1].x) / 2;
    return sharesOf(nodes.map(({ value, weight }) => ({ at: (place(value) - bottom) / width, weight }))).flatMap(
      (share, bin) => {
        const color = colorOf(share);
        const [from, to] = [bin, bin + 1].map((k) => tidy(valueAt(bottom + k * width)));
        return color === undefined ? [] : [[tidy(left), tidy(right), from, to, color]];
      },
    );
  });
  const format = { type: 'csv', parse: { x: 'number', x2: 'number', y: 'number', y2: 'number' } };
  const domain = [bottom, bottom + (BINS + 1) * width].map((s) => tidy(valueAt(s)));
  const ticks = ticksOf(constant, domain);
  return [
    {
      data: { values: stringify([['x', 'x2', 'y', 'y2', 'color'], ...rows]), format },
      mark: { type: 'rect', clip: true, strokeWidth: 0 },
      encoding: {
        x: horizontalOf(contents),
        x2: { field: 'x2' },
        y: {
          field: 'y',
          type: 'quantitative',
          title: null,
          scale: { type: 'symlog', constant, domain, nice: false },
          axis: { values: ticks, grid: false, format: ',~r' },
        },
        y2: { field: 'y2' },
        color: { field: 'color', type: 'nominal', scale: null },
      },
    },
  ];
}

function columnsOf({ curves, along }: Contents): Column[] {
  const columns = new Map<number, Column>();
  for (const { line } of curves) {
    const { series } = line;
    const xs = placesOf(line, along);
    if (xs === undefined) continue;
    const pairs = [];
    for (let probe = 1; series.columns.has(densityColumns('all', probe, 1).node); probe++) {
      for (let k = 1; series.columns.has(densityColumns('all', probe, k).node); k++) {
        const { node, weight } = densityColumns('all', probe, k);
        pairs.push([series.columns.get(node)!, series.columns.get(weight)!] as const);
      }
    }
    for (let row = 0; row < series.rows; row++) {
      const nodes = pairs
        .map(([node, weight]) => ({ value: node[row], weight: weight[row] }))
        .filter(({ value, weight }) => Number.isFinite(value) && Number.isFinite(weight));
      if (nodes.length === 0) continue;
      const column = columns.get(xs[row]) ?? { x: xs[row], nodes: [] };
      column.nodes.push(...nodes);
      columns.set(xs[row], column);
    }
  }
  return [...columns.values()].sort((a, b) => a.x - b.x);
}

/** The share of the weight in each cell, nodes blurred. */
function sharesOf(nodes: readonly { at: number; weight: number }[]): number[] {
  const shares = new Array<number>(BINS + 1).fill(0);
  const total = nodes.reduce((sum, { weight }) => sum + weight, 0);
  for (const { at, weight } of nodes) {
    const near = shares.map((_, bin) => Math.exp(-(((bin + 0.5 - at) / BLUR) ** 2) / 2));
    const sum = near.reduce((a, b) => a + b, 0);
    near.forEach((value, bin) => {
      shares[bin] += (weight / total) * (value / sum);
    });
  }
  return shares;
}

/** From white to dark with the logarithm of the share; undefined where nobody would see it. */
function colorOf(share: number): string | undefined {
  const dark = Math.min(1, (Math.log10(share) - FAINT) / (FULL_COLOR - FAINT));
  const level = Math.round(LEVELS * dark) / LEVELS;
  if (!(level > 0)) return undefined;
  const parts = DARKEST.map((part) => Math.round(255 + (part - 255) * level));
  return `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}

/** 0 and powers of ten, about every second one that is beyond the linear part. */
function ticksOf(constant: number, [low, high]: readonly number[]): number[] {
  const powers = Array.from({ length: 3 }, (_, k) => 10 ** (Math.ceil(Math.log10(10 * constant)) + k));
  return [...powers.map((power) => -power), 0, ...powers].filter((value) => value >= low && value <= high);
}
