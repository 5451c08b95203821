import { useMemo, useState } from 'preact/hooks';
import type { CellColumns, FailedRun, Standing, SweepDetails } from '../../wire.ts';
import { Exports } from '../exports.tsx';
import { Failed } from '../failed.tsx';
import { Figure } from '../figure.tsx';
import { cellsPassing, filterName, filtersOf } from '../filter.ts';
import { duration, grouped, moment, shortNumber } from '../format.ts';
import { Grid } from '../grid.tsx';
import { go, hrefOf, place, setQuery } from '../link.ts';
import { shadesOf } from '../measures.ts';
import { Bar, Copy, DoneOf, Layout, State, TroubleBox } from '../parts.tsx';
import { Rows } from '../rows.tsx';
import { Run } from '../run.tsx';
import { fileName } from '../save.ts';
import { source, standings } from '../store.ts';
import { useCells, useDark, useDetails, useFailed, useMade } from '../use.ts';

export function SweepView({ id }: { id: string }) {
  const standing = standings.value.get(id)!;
  const { value: details, trouble } = useDetails(id);
  const columns = useCells(id);
  const failed = useFailed(id);
  return (
    <>
      <Heading standing={standing} />
      <Run standing={standing} />
      {standing.trouble !== null && <TroubleBox trouble={standing.trouble} />}
      {standing.trouble === null && trouble !== undefined && <TroubleBox trouble={trouble} />}
      {details !== undefined && columns !== undefined && columns.done.length === details.standing.cells && (
        <Cells id={id} details={details} columns={columns} failed={failed} />
      )}
      <Failed id={id} failed={failed} />
      {details !== undefined && <Papers id={id} details={details} />}
      {details !== undefined && <About details={details} />}
    </>
  );
}

export function Heading({ standing }: { standing: Standing }) {
  const { name, title, state, done, total, failed, rate, left, changed, read, hosts } = standing;
  return (
    <>
      <h1>{title || name}</h1>
      <p class="facts">
        <span>{name}</span> <State state={state} />
        <Bar done={done} total={total} label={`${done} of ${total} done`} />
        <DoneOf done={done} total={total} after=" done" />
        {failed > 0 && <span class="warning">{grouped(failed)} failed</span>}
        {rate !== null && <span class="number room rate">{`${rate.toPrecision(3)} per second`}</span>}
        {left !== null && <span class="number room left">{`${duration(left)} left`}</span>}
        <span class="number">
          {hosts} {hosts === 1 ? 'host' : 'hosts'}
        </span>
        <span class="number">changed {moment(changed)}</span>
        {state === 'reading' && <span class="number">{Math.round(100 * read)} % of the journal read</span>}
      </p>
    </>
  );
}

type CellsProps = { id: string; details: SweepDetails; columns: CellColumns; failed: readonly FailedRun[] };

function Cells({ id, details, columns, failed }: CellsProps) {
  const { query } = place.value;
  const isDark = useDark();
  const shades = useMemo(() => shadesOf(details, failed), [details, failed]);
  const shade = shades.find((one) => one.id === query.get('color')) ?? shades[0];
  const widest = details.keys.reduce(
    (most, key) => (key.values.length > (most?.values.length ?? 0) ? key : most),
    details.keys.at(0),
  );
  const x = details.keys.find(({ name }) => name === query.get('x'))?.name ?? widest?.name ?? '';
  const filterText = [...query].filter(([name]) => name.startsWith('f.')).join('&');
  const cells = useMemo(() => cellsPassing(details, filtersOf(query)), [details, filterText]);
  const cursor = query.has('cell') ? Number(query.get('cell')) : null;
  const open = (cell: number) => go(hrefOf(['s', id, 'c', cell]));
  return (
    <section aria-labelledby="cells">
      <h2 id="cells">Cells</h2>
      <div class="controls">
        <label>
          colour{' '}
          <select value={shade.id} onChange={({ currentTarget }) => setQuery({ color: currentTarget.value })}>
            {shades.map(({ id: name, label }) => (
              <option key={name} value={name}>
                {label}
              </option>
            ))}
          </select>
        </label>
        {details.keys.length > 1 && (
          <label>
            columns{' '}
            <select value={x} onChange={({ currentTarget }) => setQuery({ x: currentTarget.value })}>
              {details.keys.map(({ name, heading }) => (
                <option key={name} value={name}>
                  {heading}
                </option>
              ))}
            </select>
          </label>
        )}
        {details.keys.map(({ name, heading, values }) => (
          <label key={name}>
            {heading}{' '}
            <select
              value={query.get(filterName(name)) ?? ''}
              onChange={({ currentTarget }) => setQuery({ [filterName(name)]: currentTarget.value })}
            >
              <option value="">all</option>
              {values.map((value) => (
                <option key={String(value)} value={String(value)}>
                  {String(value)}
                </option>
              ))}
            </select>
          </label>
        ))}
      </div>
      {details.common !== '' && <p class="quiet">all cells: {details.common}</p>}
      <Grid
        details={details}
        columns={columns}
        cells={cells}
        shade={shade}
        x={x}
        cursor={cursor}
        onCursor={(cell) => setQuery({ cell: String(cell) })}
        onOpen={open}
        isDark={isDark}
      />
      <CellTable id={id} details={details} columns={columns} cells={cells} />
    </section>
  );
}

type CellTableProps = { id: string; details: SweepDetails; columns: CellColumns; cells: readonly number[] };

/** The same as the grid, as a table. */
function CellTable({ id, details, columns, cells }: CellTableProps) {
  const [measure] = details.measures;
  const statistics = columns.statistics[measure];
  const table = [
    {
      name: 'cell',
      by: (cell: number) => cell,
      show: (cell: number) => <a href={hrefOf(['s', id, 'c', cell])}>{cell}</a>,
      class: 'right',
    },
    ...details.keys.map(({ heading, values, codes }) => ({
      name: heading,
      by: (cell: number) => values[codes[cell]],
      show: (cell: number) => String(values[codes[cell]]),
      ...(values.every((value) => typeof value === 'number') && { class: 'right' }),
    })),
    {
      name: 'done',
      by: (cell: number) => columns.done[cell],
      show: (cell: number) => `${columns.done[cell]} of ${columns.wanted[cell]}`,
      class: 'right',
      room: 15,
    },
    ...(['mean', 'ci95', 'sd', 'min', 'max'] as const).map((name) => ({
      name: name === 'mean' ? `${measure}, mean` : name === 'ci95' ? '95 % CI' : name,
      by: (cell: number) => statistics[name][cell] ?? Number.NEGATIVE_INFINITY,
      show: (cell: number) => shortNumber(statistics[name][cell]),
      class: 'right',
      room: 14,
    })),
    {
      name: 'seconds',
      by: (cell: number) => columns.seconds[cell],
      show: (cell: number) => shortNumber(columns.seconds[cell], 3),
      class: 'right',
      room: 10,
    },
  ];
  return (
    <Rows label="table of cells" columns={table} rows={cells} rowHeight={26} sortedBy="cell" keyOf={(cell) => cell} />
  );
}

/** A figure of more cells takes seconds to draw, and is drawn when somebody asks for it. */
const MANY_CELLS = 2000;

function Papers({ id, details }: { id: string; details: SweepDetails }) {
  const [isWanted, want] = useState(details.standing.cells <= MANY_CELLS);
  if (standings.value.get(id)?.state === 'reading') return null;
  if (isWanted) return <Drawn id={id} details={details} />;
  return (
    <p>
      <button type="button" onClick={() => want(true)}>
        Draw the figure and the table of {grouped(details.standing.cells)} cells
      </button>
    </p>
  );
}

const TABLE_FORMATS = { csv: 'CSV', json: 'JSON', md: 'Markdown', tex: 'LaTeX' };

function Drawn({ id, details }: { id: string; details: SweepDetails }) {
  const { value: table, trouble } = useMade([id], id, () => source().table(id));
  const formats = Object.entries(TABLE_FORMATS).flatMap(([format, label]) => {
    const href = source().download(`sweeps/${id}/table?format=${format}`);
    return href === undefined ? [] : [{ label, href, file: fileName(details.standing.name, `table.${format}`) }];
  });
  return (
    <div class="papers">
      <section aria-labelledby="figure">
        <h2 id="figure">Figure</h2>
        <Figure ids={[id]} title={details.standing.title || details.standing.name} />
      </section>
      <section aria-labelledby="table">
        <h2 id="table">Table</h2>
        {trouble !== undefined && <TroubleBox trouble={trouble} />}
        {table === undefined ? <p class="quiet">computing …</p> : <Layout layout={table} />}
        {table?.source && <p class="note">{table.source}</p>}
        <Exports what="the table" formats={formats} />
      </section>
    </div>
  );
}

function About({ details }: { details: SweepDetails }) {
  return (
    <section aria-labelledby="about">
      <h2 id="about">Parameters and provenance</h2>
      {details.repeat !== '' && (
        <p>
          <code>{details.repeat}</code> <Copy text={() => details.repeat} label="copy the command" />
        </p>
      )}
      <details>
        <summary>sweep file</summary>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reached by the keyboard */}
        <pre tabIndex={0}>{details.sweep}</pre>
      </details>
      <details>
        <summary>provenance</summary>
        <dl class="provenance">
          {details.provenance.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </details>
    </section>
  );
}
