import { useMemo } from 'preact/hooks';
import { Exports } from '../exports.tsx';
import { Figure } from '../figure.tsx';
import { place, setQuery } from '../link.ts';
import { Layout, TroubleBox } from '../parts.tsx';
import { source, standings } from '../store.ts';
import { useLoaded } from '../use.ts';

const MOST = 8;

export function CompareView() {
  const ids = (place.value.query.get('sweeps') ?? '').split(',').filter((id) => standings.value.has(id));
  const all = [...standings.value.values()].filter(({ state }) => state !== 'unreadable');
  const first = standings.value.get(ids[0]);
  const fitting = useMemo(
    () => all.filter(({ experiment }) => first === undefined || experiment === first.experiment),
    [all, first],
  );
  const toggle = (id: string) => {
    const next = ids.includes(id) ? ids.filter((other) => other !== id) : [...ids, id].slice(-MOST);
    setQuery({ sweeps: next.join(',') });
  };
  return (
    <>
      <h1>Compare</h1>
      <fieldset class="choices">
        <legend>sweeps of one experiment; two for a table of differences</legend>
        {fitting.map(({ id, name, directory }) => (
          <label key={id}>
            <input type="checkbox" checked={ids.includes(id)} onChange={() => toggle(id)} /> {name}{' '}
            <span class="quiet">{directory}</span>
          </label>
        ))}
      </fieldset>
      {ids.length > 0 && (
        <section aria-labelledby="figure">
          <h2 id="figure">Figure</h2>
          <Figure ids={ids} title={ids.map((id) => standings.value.get(id)?.name).join(', ')} />
        </section>
      )}
      {ids.length === 2 && <Differences a={ids[0]} b={ids[1]} />}
    </>
  );
}

function Differences({ a, b }: { a: string; b: string }) {
  const version = [a, b].map((id) => standings.value.get(id)?.version).join(' ');
  const { value, trouble } = useLoaded(`${a} ${b} ${version}`, () => source().diff(a, b));
  const csv = source().download(`diff?sweeps=${a},${b}&format=csv`);
  return (
    <section aria-labelledby="differences">
      <h2 id="differences">Differences</h2>
      {trouble !== undefined && <TroubleBox trouble={trouble} />}
      {value !== undefined && <p>{value.title}</p>}
      {value === undefined ? trouble === undefined && <p class="quiet">computing …</p> : <Layout layout={value} />}
      <Exports
        what="the differences"
        formats={csv === undefined ? [] : [{ label: 'CSV', href: csv, file: 'diff.csv' }]}
      />
    </section>
  );
}
