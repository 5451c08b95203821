import { useMemo } from 'preact/hooks';
import type { SeriesColumns } from '../wire.ts';
import { type Export, Exports } from './exports.tsx';
import { Figure } from './figure.tsx';
import { place, setQuery } from './link.ts';
import { Panel } from './panel.tsx';
import { axisOf, isAxis, panelsOf, STEP_SIZE, wordsOf } from './panels.ts';
import { TroubleBox } from './parts.tsx';
import { csvBlob, fileName, pngBlob, svgBlob } from './save.ts';
import { seriesRows, seriesSvg } from './series-file.ts';
import { source } from './store.ts';
import { colorsOf, useDark, useLoaded } from './use.ts';

type Props = { id: string; cell: number; runs: readonly number[]; name: string };
type Range = { from: number; to: number };

/** The series of runs below each other, zoomed together by dragging. The address holds what is shown of them. */
export function SeriesPanels({ id, cell, runs, name }: Props) {
  const { query } = place.value;
  const range = rangeOf(query.get('zoom'));
  const chosen = query.get('columns')?.split(',');
  const isDark = useDark();
  const key = `${id} ${cell} ${runs.join(',')} ${query.get('zoom')} ${query.get('columns')}`;
  const { value, trouble } = useLoaded(key, async () => {
    const columns = chosen && [...chosen, STEP_SIZE];
    return { runs, all: await Promise.all(runs.map((run) => source().series(id, cell, run, { range, columns }))) };
  });
  const panels = useMemo(
    () => (value === undefined ? [] : panelsOf(value.all, value.runs, chosen)),
    [value, query.get('columns')],
  );
  if (trouble !== undefined) return <TroubleBox trouble={trouble} />;
  if (value === undefined) return <p class="quiet">reading the series …</p>;
  if (value.all.some(({ columns }) => axisOf(columns) === undefined)) return <Whole id={id} name={name} />;
  const names = [...new Set(value.all.flatMap((series) => series.names))].filter((column) => !isAxis(column));
  const shown = new Set(value.all.flatMap(({ columns }) => Object.keys(columns)));
  const title = `${name}, cell ${cell}, run ${value.runs.join(', ')}`;
  const svg = () => seriesSvg(title, panels, isDark, colorsOf(document.body));
  return (
    <section aria-labelledby="series">
      <h2 id="series">Series</h2>
      <div class="controls">
        <button type="button" disabled={range === undefined} onClick={() => zoom(undefined)}>
          whole training
        </button>
        <RangeFields rows={Math.max(...value.all.map(({ rows }) => rows))} range={range} onRange={zoom} />
      </div>
      <Columns
        names={names}
        isShown={(column) => (chosen === undefined ? shown.has(column) : chosen.includes(column))}
      />
      <div class="panels">
        {panels.map(({ title: heading, isLog, lines }) => (
          <Panel key={heading} title={heading} isLog={isLog} lines={lines} onZoom={zoom} />
        ))}
      </div>
      <Exports
        what="the series"
        formats={formatsOf(`sweeps/${id}/cells/${cell}/runs`, fileName(name, 'cell', cell), value, range, svg)}
      />
    </section>
  );
}

/** Of a map, a run holds the points of a block: the figure shows them in their place. */
function Whole({ id, name }: { id: string; name: string }) {
  return (
    <section aria-labelledby="series">
      <h2 id="series">The map that this run is a part of</h2>
      <Figure ids={[id]} title={name} />
    </section>
  );
}

function zoom(range: Range | undefined): void {
  setQuery({ zoom: range && `${range.from}-${range.to}` });
}

function rangeOf(text: string | null): Range | undefined {
  const [, from, to] = /^(\d+)-(\d+)$/.exec(text ?? '') ?? [];
  return from === undefined ? undefined : { from: Number(from), to: Number(to) };
}

/** Which columns of the file are drawn: any of them, by its name. */
function Columns({ names, isShown }: { names: readonly string[]; isShown(name: string): boolean }) {
  const toggle = (name: string) => {
    const next = names.filter((other) => (other === name ? !isShown(other) : isShown(other)));
    setQuery({ columns: next.join(',') });
  };
  return (
    <details class="columns">
      <summary>columns</summary>
      <div class="controls">
        {names.map((name) => (
          <label key={name}>
            <input type="checkbox" checked={isShown(name)} onChange={() => toggle(name)} /> {wordsOf(name)}
          </label>
        ))}
        <button type="button" onClick={() => setQuery({ columns: undefined })}>
          the usual ones
        </button>
      </div>
    </details>
  );
}

function formatsOf(
  address: string,
  file: string,
  { runs, all }: { runs: readonly number[]; all: readonly SeriesColumns[] },
  range: Range | undefined,
  svg: () => string,
): Export[] {
  const part = range === undefined ? '' : `&from=${range.from}&to=${range.to}`;
  const whole = runs.flatMap((run): Export[] => {
    const href = source().download(`${address}/${run}/series?format=csv${part}`);
    const label = `CSV of every iteration${runs.length > 1 ? ` of run ${run}` : ''}`;
    return href === undefined ? [] : [{ label, href, file: `${file}-run-${run}.csv` }];
  });
  return [
    { label: 'PNG', file: `${file}.png`, make: () => pngBlob(svg()) },
    { label: 'SVG', file: `${file}.svg`, make: () => svgBlob(svg()) },
    { label: 'CSV of the points shown', file: `${file}.csv`, make: () => csvBlob(seriesRows(all, runs)) },
    ...whole,
  ];
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
