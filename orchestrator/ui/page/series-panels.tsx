import { useEffect, useRef, useState } from 'preact/hooks';
import type { SeriesColumns } from '../wire.ts';
import { TroubleBox } from './parts.tsx';
import { source } from './store.ts';
import { useDark, useLoaded } from './use.ts';

type Props = { id: string; cell: number; runs: readonly number[] };
type Range = { from: number; to: number };

/** Which columns stand together, by the beginning of their names; the rest, such as eigenvalues, has a panel of its own. */
type PanelColumns = { title: string; takes: Pick<RegExp, 'test'>; isLog?: boolean; with?: 'stability' };

const PANELS: readonly PanelColumns[] = [
  { title: 'loss', takes: /^loss$/, isLog: true },
  { title: 'sharpness and 2 / step size', takes: /^sharpness/, with: 'stability' },
  { title: 'gradient norm', takes: /^gradient_norm/, isLog: true },
  { title: 'step size', takes: /^step_size/ },
  { title: 'eigenvalues', takes: /eigenvalue/ },
];

/** The series of runs below each other, zoomed together by dragging. */
export function SeriesPanels({ id, cell, runs }: Props) {
  const [range, zoom] = useState<Range | undefined>(undefined);
  const key = `${id} ${cell} ${runs.join(',')} ${range?.from}-${range?.to}`;
  const { value, trouble } = useLoaded(key, () =>
    Promise.all(runs.map((run) => source().series(id, cell, run, range))),
  );
  if (trouble !== undefined) return <TroubleBox trouble={trouble} />;
  if (value === undefined || value.length !== runs.length) return <p class="quiet">reading the series …</p>;
  // of a map, the points of a block: the figure shows them
  if (value.some(({ columns }) => axisOf(columns) === undefined)) return null;
  return (
    <section aria-labelledby="series">
      <h2 id="series">Series</h2>
      <div class="controls">
        <button type="button" disabled={range === undefined} onClick={() => zoom(undefined)}>
          whole training
        </button>
        <RangeFields rows={Math.max(...value.map(({ rows }) => rows))} range={range} onRange={zoom} />
      </div>
      <div class="panels">
        {[...PANELS, ...otherPanels(value)].map((panel) => {
          const lines = linesOf(panel, value, runs);
          return lines.length === 0 ? null : (
            <Panel key={panel.title} title={panel.title} isLog={panel.isLog ?? false} lines={lines} onZoom={zoom} />
          );
        })}
      </div>
    </section>
  );
}

/** The zoom by keyboard. */
function RangeFields({
  rows,
  range,
  onRange,
}: {
  rows: number;
  range: Range | undefined;
  onRange(range: Range): void;
}) {
  const { from, to } = range ?? { from: 0, to: rows };
  const change = (next: Range) => {
    if (next.to - next.from >= 2 && next.from >= 0 && next.to <= rows) onRange(next);
  };
  return (
    <>
      <label>
        from iteration{' '}
        <input
          type="number"
          min={1}
          max={rows}
          value={from + 1}
          onChange={({ currentTarget }) => change({ from: Number(currentTarget.value) - 1, to })}
        />
      </label>
      <label>
        to{' '}
        <input
          type="number"
          min={2}
          max={rows}
          value={to}
          onChange={({ currentTarget }) => change({ from, to: Number(currentTarget.value) })}
        />
      </label>
    </>
  );
}

/** What the rows count. */
const AXES = ['iteration', 'step'];

const axisOf = (columns: SeriesColumns['columns']) =>
  AXES.map((name) => columns[name]).find((column) => column !== undefined);

/** A panel for each column that no other has: what a program reported. */
function otherPanels(all: readonly SeriesColumns[]): PanelColumns[] {
  const names = new Set(all.flatMap(({ columns }) => Object.keys(columns)));
  const others = [...names].filter((name) => !AXES.includes(name) && !PANELS.some(({ takes }) => takes.test(name)));
  return others.map((name) => ({ title: wordsOf(name), takes: { test: (other) => other === name } }));
}

type Line = { label: string; x: (number | null)[]; y: (number | null)[]; run: number; isBound: boolean };

function linesOf({ takes, with: extra }: PanelColumns, all: readonly SeriesColumns[], runs: readonly number[]): Line[] {
  return all.flatMap(({ columns }, i) => {
    const of = runs.length > 1 ? `run ${runs[i]}: ` : '';
    const names = Object.keys(columns).filter((name) => takes.test(name));
    const lines = names.map(
      (name): Line => ({ label: of + wordsOf(name), x: axisOf(columns)!, y: columns[name], run: i, isBound: false }),
    );
    const steps = columns.step_size;
    if (extra === 'stability' && lines.length > 0 && steps !== undefined) {
      const bound = steps.map((step) => (step === null || step === 0 ? null : 2 / step));
      lines.push({ label: `${of}2 / step size`, x: axisOf(columns)!, y: bound, run: i, isBound: true });
    }
    return lines;
  });
}

const wordsOf = (name: string): string => name.replaceAll('_', ' ');

/** As the figures have them. */
const COLORS = ['#000000', '#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#999999'];
const DARK_COLORS = ['#f2f2f2', '#3d9fdb', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#999999'];
const DASHES = [[], [6, 3], [2, 2], [8, 3, 2, 3], [4, 4], [1, 3], [10, 4], [3, 1]];
const HEIGHT = 240;

type PanelProps = { title: string; isLog: boolean; lines: readonly Line[]; onZoom(range: Range): void };

export function Panel({ title, isLog, lines, onZoom }: PanelProps) {
  const box = useRef<HTMLDivElement>(null);
  const isDark = useDark();
  useEffect(() => {
    let end: (() => void) | undefined;
    let isOld = false;
    // loaded where there is a series only
    void import('./chart.ts').then(({ drawChart }) => {
      if (isOld || box.current === null) return;
      const colors = isDark ? DARK_COLORS : COLORS;
      const drawn = lines.map((line, i) => ({
        ...line,
        color: line.isBound ? colors[7] : colors[i % 7],
        dash: line.isBound ? [2, 3] : DASHES[i % DASHES.length],
      }));
      end = drawChart(box.current, { lines: drawn, isLog, height: HEIGHT, onZoom });
    });
    return () => {
      isOld = true;
      end?.();
    };
  }, [lines, isLog, isDark, onZoom]);
  return (
    <figure class="panel">
      <figcaption>{title}</figcaption>
      <div class="chart" ref={box} role="img" aria-label={`${title}: ${lines.map(summary).join('; ')}`} />
    </figure>
  );
}

/** A line in words. */
function summary({ label, y }: Line): string {
  const values = y.filter((value) => value !== null);
  if (values.length === 0) return `${label}: not measured`;
  const [first, last] = [values[0], values[values.length - 1]].map((value) => value.toPrecision(4));
  return `${label} from ${first} to ${last}`;
}
