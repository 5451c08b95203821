import { useState } from 'preact/hooks';
import type { RunRow } from '../../wire.ts';
import { Failed } from '../failed.tsx';
import { shortNumber } from '../format.ts';
import { hrefOf, place, setQuery } from '../link.ts';
import { Losses } from '../losses.tsx';
import { Log, TroubleBox } from '../parts.tsx';
import { Rows } from '../rows.tsx';
import { SeriesPanels } from '../series-panels.tsx';
import { source, standings } from '../store.ts';
import { useDetails, useFailed, useLoaded } from '../use.ts';
import { Heading } from './sweep.tsx';

type Props = { id: string; cell: number; run: number | null };

export function CellView({ id, cell, run }: Props) {
  const standing = standings.value.get(id)!;
  const { value: details } = useDetails(id);
  const { value, trouble } = useLoaded(`${id} ${cell} ${standing.version}`, () => source().runs(id, cell));
  const failed = useFailed(id).filter((one) => one.cell === cell);
  const [chosen, choose] = useState<ReadonlySet<number>>(new Set());
  const sort = place.value.query.get('sort') ?? 'run';
  if (value === undefined)
    return trouble === undefined ? <p class="quiet">reading …</p> : <TroubleBox trouble={trouble} />;
  const measures = details?.measures ?? [];
  const toggle = (number: number) => {
    const next = new Set(chosen);
    if (!next.delete(number)) next.add(number);
    choose(next);
  };
  const columns = [
    {
      name: 'run',
      by: (row: RunRow) => row.run,
      show: (row: RunRow) =>
        row.result === null && !row.hasLog ? (
          row.run
        ) : (
          <a href={hrefOf(['s', id, 'c', cell, 'r', row.run])}>{row.run}</a>
        ),
      class: 'right',
    },
    ...(value.runs.some(({ hasSeries }) => hasSeries)
      ? [
          {
            name: 'series',
            by: (row: RunRow) => row.run,
            show: (row: RunRow) =>
              row.hasSeries && (
                <input
                  type="checkbox"
                  aria-label={`show the series of run ${row.run}`}
                  checked={isShown(row.run)}
                  onChange={() => toggle(row.run)}
                />
              ),
            isUnsorted: true,
          },
        ]
      : []),
    {
      name: 'result',
      by: (row: RunRow) => row.result ?? '',
      show: (row: RunRow) =>
        row.result ?? (failed.some((one) => one.run === row.run) ? <span class="warning">failed</span> : 'not done'),
    },
    ...measures.map((name) => ({
      name,
      by: (row: RunRow) => row.measures[name] ?? Number.NEGATIVE_INFINITY,
      show: (row: RunRow) => shortNumber(row.measures[name], 7),
      class: 'right',
    })),
    {
      name: 'seconds',
      by: (row: RunRow) => row.seconds ?? -1,
      show: (row: RunRow) => shortNumber(row.seconds, 3),
      class: 'right',
    },
    { name: 'host', by: (row: RunRow) => row.host ?? '', show: (row: RunRow) => row.host ?? '' },
    { name: 'engine', by: (row: RunRow) => row.engine ?? '', show: (row: RunRow) => row.engine ?? '' },
    {
      name: 'attempts',
      by: (row: RunRow) => row.attempts ?? 0,
      show: (row: RunRow) => row.attempts ?? '',
      class: 'right',
    },
    { name: 'task', by: (row: RunRow) => row.task, show: (row: RunRow) => <code>{row.task.slice(0, 12)}</code> },
  ];
  const isRecorded = value.runs.some((row) => row.run === run && row.result !== null);
  const first = value.runs.find(({ hasSeries }) => hasSeries)?.run;
  // one is shown until somebody chooses
  const shown =
    chosen.size > 0
      ? [...chosen].sort((a, b) => a - b)
      : first === undefined
        ? []
        : [value.runs.some((row) => row.run === run && row.hasSeries) ? (run ?? first) : first];
  function isShown(number: number): boolean {
    return shown.includes(number);
  }
  const column = columns.find(({ name }) => name === sort.replace(/^-/, '')) ?? columns[0];
  const sign = sort.startsWith('-') ? -1 : 1;
  const rows = [...value.runs].sort((a, b) => {
    const [left, right] = [column.by(a), column.by(b)];
    return sign * (left < right ? -1 : left > right ? 1 : a.run - b.run);
  });
  return (
    <>
      <nav aria-label="place" class="place">
        <a href={hrefOf(['s', id])}>{standing.name}</a> › cell {cell}
        {run !== null && ` › run ${run}`}
      </nav>
      <Heading standing={standing} />
      <h2>
        Cell {cell}: {value.text}
      </h2>
      {trouble !== undefined && <TroubleBox trouble={trouble} />}
      <Rows
        label="runs"
        columns={columns}
        rows={rows}
        rowHeight={26}
        sort={sort}
        onSort={(name) => setQuery({ sort: name })}
        keyOf={(row) => row.run}
      />
      <Failed id={id} failed={failed} />
      {shown.length > 0 && <SeriesPanels id={id} cell={cell} runs={shown} />}
      {run !== null && <RunFacts id={id} cell={cell} run={run} version={isRecorded ? 0 : standing.version} />}
    </>
  );
}

type RunProps = {
  id: string;
  cell: number;
  run: number;
  /** of a run that is not recorded: read again when it changes */
  version: number;
};

function RunFacts({ id, cell, run, version }: RunProps) {
  const { value, trouble } = useLoaded(`${id} ${cell} ${run} ${version}`, () => source().run(id, cell, run));
  if (trouble !== undefined) return <TroubleBox trouble={trouble} />;
  if (value === undefined) return null;
  return (
    <section aria-labelledby="run">
      <h2 id="run">
        Run {run}: {value.describe}
      </h2>
      {value.rung !== null && <Losses id={id} details={value} />}
      {value.log !== null && (
        <details open>
          <summary>log</summary>
          {value.log === '' ? <p class="quiet">empty</p> : <Log text={value.log} />}
        </details>
      )}
      {(['result', 'provenance', 'task'] as const).map((name) =>
        value[name] === null ? null : (
          <details key={name} open={name === 'result'}>
            <summary>{name}</summary>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reached by the keyboard */}
            <pre tabIndex={0}>{value[name]}</pre>
          </details>
        ),
      )}
    </section>
  );
}
