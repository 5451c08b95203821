import { useMemo } from 'preact/hooks';
import type { Standing } from '../../wire.ts';
import { Exports } from '../exports.tsx';
import { duration, grouped, moment } from '../format.ts';
import { hrefOf, place, setQuery } from '../link.ts';
import { Bar, DoneOf, State, TroubleBox } from '../parts.tsx';
import { type RowColumn, Rows, sortedRows } from '../rows.tsx';
import { csvBlob } from '../save.ts';
import { overview, standings } from '../store.ts';

const COLUMNS: readonly RowColumn<Standing>[] = [
  {
    name: 'sweep',
    by: ({ name }) => name,
    show: ({ id, name, title }) => (
      <a href={hrefOf(['s', id])} title={title}>
        {name}
      </a>
    ),
  },
  { name: 'state', room: 13, by: ({ state }) => state, show: ({ state }) => <State state={state} /> },
  {
    name: 'done',
    by: ({ done, total }) => (total === 0 ? -1 : done / total),
    show: ({ done, total, name }) => (
      <>
        <Bar done={done} total={total} label={`${name}: ${done} of ${total} done`} />{' '}
        <DoneOf done={done} total={total} />
      </>
    ),
  },
  {
    name: 'failed',
    room: 8,
    by: ({ failed }) => failed,
    show: ({ failed }) => (failed === 0 ? '–' : <strong class="warning">{grouped(failed)}</strong>),
    class: 'right',
  },
  {
    name: 'rate',
    room: 12,
    by: ({ rate }) => rate ?? -1,
    show: ({ rate }) => (rate === null ? '–' : `${rate.toPrecision(3)} /s`),
    class: 'right',
  },
  { name: 'time left', room: 14, by: ({ left }) => left ?? -1, show: ({ left }) => duration(left), class: 'right' },
  { name: 'hosts', by: ({ hosts }) => hosts, show: ({ hosts }) => hosts, class: 'right' },
  { name: 'experiment', by: ({ experiment }) => experiment, show: ({ experiment }) => experiment },
  { name: 'changed', room: 18, by: ({ changed }) => changed ?? 0, show: ({ changed }) => moment(changed) },
  { name: 'directory', by: ({ directory }) => directory, show: ({ directory }) => directory },
];

const ROW = 30;
const SORTED_BY = 'directory';

const FACTS = [
  'name',
  'title',
  'state',
  'done',
  'total',
  'failed',
  'rate',
  'left',
  'hosts',
  'experiment',
  'changed',
  'directory',
] as const;

const listed = (standings: readonly Standing[]) => [
  FACTS,
  ...standings.map((standing) => FACTS.map((name) => standing[name])),
];

export function OverviewView() {
  const { query } = place.value;
  const search = query.get('search') ?? '';
  const state = query.get('state') ?? '';
  const all = standings.value;
  const shown = useMemo(() => {
    const words = search.toLowerCase().split(/\s+/);
    const text = ({ name, title, directory, experiment }: Standing) =>
      `${name} ${title} ${directory} ${experiment}`.toLowerCase();
    return [...all.values()]
      .filter(
        (standing) =>
          (state === '' || standing.state === state) && words.every((word) => text(standing).includes(word)),
      )
      .sort((a, b) => (a.directory < b.directory ? -1 : 1));
  }, [all, search, state]);
  const counts = new Map<string, number>();
  for (const standing of all.values()) counts.set(standing.state, (counts.get(standing.state) ?? 0) + 1);
  return (
    <>
      <h1>{overview.value?.title}</h1>
      <p class="quiet">
        {`${overview.value?.folders.join(', ')}: ${[...counts].map(([name, count]) => `${grouped(count)} ${name}`).join(', ') || 'none yet'}`}
      </p>
      {overview.value?.troubles.map((trouble) => (
        <TroubleBox key={trouble.where} trouble={trouble} />
      ))}
      <div class="controls">
        <label>
          search{' '}
          <input
            type="search"
            value={search}
            onInput={({ currentTarget }) => setQuery({ search: currentTarget.value })}
          />
        </label>
        <label>
          state{' '}
          <select value={state} onChange={({ currentTarget }) => setQuery({ state: currentTarget.value })}>
            <option value="">all</option>
            {['running', 'paused', 'partial', 'complete', 'reading', 'unreadable'].map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
      </div>
      {all.size === 0 ? (
        <p>
          No sweep directory yet. <code>edgesweep run table-4.1</code> makes one, and it appears here.
        </p>
      ) : (
        <>
          <Rows
            label="sweeps"
            columns={COLUMNS}
            rows={shown}
            rowHeight={ROW}
            sortedBy={SORTED_BY}
            keyOf={({ id }) => id}
          />
          <Exports
            what="the list"
            formats={[
              { label: 'CSV', file: 'sweeps.csv', make: () => csvBlob(listed(sortedRows(COLUMNS, shown, SORTED_BY))) },
            ]}
          />
        </>
      )}
      {shown
        .filter(({ trouble }) => trouble !== null)
        .slice(0, 5)
        .map(({ id, trouble }) => trouble && <TroubleBox key={id} trouble={trouble} />)}
    </>
  );
}
