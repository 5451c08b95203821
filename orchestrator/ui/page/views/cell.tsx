import type { RunRow } from '../../wire.ts';
import { Exports } from '../exports.tsx';
import { Failed } from '../failed.tsx';
import { shortNumber } from '../format.ts';
import { hrefOf, place, setQuery } from '../link.ts';
import { Losses } from '../losses.tsx';
import { Log, TroubleBox } from '../parts.tsx';
import { type RowColumn, Rows } from '../rows.tsx';
import { csvBlob, fileName } from '../save.ts';
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
  const chosen = numbersOf(place.value.query.get('runs'));
  if (value === undefined)
    return trouble === undefined ? <p class="quiet">reading …</p> : <TroubleBox trouble={trouble} />;
  const measures = details?.measures ?? [];
  const toggle = (number: number) => {
    const next = isShown(number) ? shown.filter((other) => other !== number) : [...shown, number];
    setQuery({ runs: next.sort((a, b) => a - b).join(',') });
  };
  const columns: RowColumn<RunRow>[] = [
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
      by: (row: RunRow) => row.measures[name] ?? '',
      show: (row: RunRow) => shortNumber(row.measures[name], 7),
      class: 'right',
    })),
    {
      name: 'seconds',
      by: (row: RunRow) => row.seconds ?? '',
      show: (row: RunRow) => shortNumber(row.seconds, 3),
      class: 'right',
    },
    { name: 'host', by: (row: RunRow) => row.host ?? '', show: (row: RunRow) => row.host ?? '' },
    { name: 'engine', by: (row: RunRow) => row.engine ?? '', show: (row: RunRow) => row.engine ?? '' },
    {
      name: 'attempts',
      by: (row: RunRow) => row.attempts ?? '',
      show: (row: RunRow) => row.attempts ?? '',
      class: 'right',
    },
    { name: 'task', by: (row: RunRow) => row.task, show: (row: RunRow) => <code>{row.task.slice(0, 12)}</code> },
  ];
  const isRecorded = value.runs.some((row) => row.run === run && row.result !== null);
  const first = value.runs.find(({ hasSeries }) => hasSeries)?.run;
  // one is shown until somebody chooses
  const shown =
    chosen.length > 0
      ? chosen.filter((number) => value.runs.some((row) => row.run === number && row.hasSeries))
      : first === undefined
        ? []
        : [value.runs.some((row) => row.run === run && row.hasSeries) ? (run ?? first) : first];
  function isShown(number: number): boolean {
    return shown.includes(number);
  }
  const saved = columns.filter(({ name }) => name !== 'series');
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
      <Rows label="runs" columns={columns} rows={value.runs} rowHeight={26} sortedBy="run" keyOf={(row) => row.run} />
      <Exports
        what="the runs"
        formats={[
          {
            label: 'CSV',
            file: fileName(standing.name, 'cell', `${cell}.csv`),
            make: () =>
              csvBlob([saved.map(({ name }) => name), ...value.runs.map((row) => saved.map(({ by }) => by(row)))]),
          },
        ]}
      />
      <Failed id={id} failed={failed} />
      {shown.length > 0 && <SeriesPanels id={id} cell={cell} runs={shown} name={standing.name} />}
      {run !== null && <RunFacts id={id} cell={cell} run={run} version={isRecorded ? 0 : standing.version} />}
    </>
  );
}

/** Whole numbers, with commas between. */
const numbersOf = (text: string | null): number[] =>
  (text ?? '').split(',').flatMap((part) => (/^\d+$/.test(part) ? [Number(part)] : []));

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
