import { render } from 'preact';
import type { GalleryData, GallerySweep } from '../wire.ts';
import { App } from './app.tsx';
import { Failure, type Source } from './source.ts';
import { start } from './store.ts';

const data: GalleryData = JSON.parse(document.getElementById('data')?.textContent ?? 'null');

/** What the rows of a series count. */
const AXES = ['iteration', 'step'];

const lacking = (what: string): Failure =>
  new Failure({
    code: 'GALLERY',
    message: `${what} not in this file`,
    fix: '`edgesweep ui` shows everything that is in the directory',
    since: Date.now(),
  });

function sweepOf(id: string): GallerySweep {
  const sweep = data.sweeps[id];
  if (sweep === undefined) throw lacking('the sweep is');
  return sweep;
}

/** What the file holds. Nothing changes, and nothing is loaded. */
const source: Source = {
  overview: async () => data.overview,
  sweep: async (id) => sweepOf(id).details,
  cells: async (id) => sweepOf(id).cells,
  async runs(id, cell) {
    const runs = sweepOf(id).runs?.[cell];
    if (runs === undefined) throw lacking('single runs are');
    return runs;
  },
  failed: async () => [],
  async run() {
    throw lacking('the text of tasks is');
  },
  async series(id, cell, run, { range, columns: wanted }) {
    const series = sweepOf(id).series[`${cell} ${run}`];
    if (series === undefined) throw lacking('the series is');
    const { rows } = series;
    const inFile = Object.keys(series.columns);
    const names = wanted === undefined ? inFile : inFile.filter((name) => AXES.includes(name) || wanted.includes(name));
    const axis = AXES.map((name) => series.columns[name]).find((column) => column !== undefined) ?? [];
    const isIn = (at: number | null) => at !== null && (range === undefined || (at > range.from && at <= range.to));
    const kept = axis.flatMap((at, row) => (isIn(at) ? [row] : []));
    const columns = names.map((name) => [name, kept.map((row) => series.columns[name][row])]);
    return { rows, names: inFile, columns: Object.fromEntries(columns) };
  },
  async losses() {
    throw lacking('losses are');
  },
  table: async (id) => ({ value: sweepOf(id).table, version: '' }),
  async figure([id], isDark) {
    const { light, dark } = sweepOf(id).figure;
    return { value: isDark ? dark : light, version: '' };
  },
  async diff() {
    throw lacking('comparisons are');
  },
  download(what) {
    const [, id, file] = /^sweeps\/(\w+)\/(table\?format=csv|figure\?format=(?:svg|csv))$/.exec(what) ?? [];
    if (id === undefined) return undefined;
    const { csv, figure } = sweepOf(id);
    if (file === 'figure?format=svg') return `data:image/svg+xml;charset=utf-8,${encodeURIComponent(figure.light)}`;
    return `data:text/csv;charset=utf-8,${encodeURIComponent(file === 'table?format=csv' ? csv : figure.csv)}`;
  },
};

void start(source).then(() => {
  const root = document.getElementById('page')!;
  root.textContent = '';
  render(<App />, root);
});
