import { useEffect } from 'preact/hooks';
import { moment } from './format.ts';
import { hrefOf, place } from './link.ts';
import { Copy, TroubleBox } from './parts.tsx';
import {
  cluster,
  frozenSince,
  lostSince,
  overview,
  source,
  standings,
  startTrouble,
  toggleFreeze,
  waiting,
} from './store.ts';
import { CellView } from './views/cell.tsx';
import { ClusterView } from './views/cluster.tsx';
import { CompareView } from './views/compare.tsx';
import { OverviewView } from './views/overview.tsx';
import { SweepView } from './views/sweep.tsx';

export function App() {
  const trouble = startTrouble.value;
  return (
    <>
      <button type="button" class="skip" onClick={skip}>
        Skip to content
      </button>
      <Top />
      <main id="main" tabIndex={-1}>
        {trouble !== null && <TroubleBox trouble={trouble} />}
        {overview.value !== null && <View />}
      </main>
    </>
  );
}

/** The address holds the view, so that this cannot be a link to an anchor. */
function skip(): void {
  document.getElementById('main')?.focus();
}

function Top() {
  const { path } = place.value;
  const current = (name: string | undefined) => (path[0] === name ? ('page' as const) : undefined);
  const isLive = source().listen !== undefined;
  return (
    <header class="top">
      <nav aria-label="views">
        <a class="brand" href={hrefOf([])} aria-current={current(undefined)}>
          edgesweep
        </a>
        {isLive && standings.value.size > 1 && (
          <a href={hrefOf(['compare'])} aria-current={current('compare')}>
            Compare
          </a>
        )}
        {cluster.value !== null && (
          <a href={hrefOf(['cluster'])} aria-current={current('cluster')}>
            Cluster
          </a>
        )}
      </nav>
      <div class="connection">
        {isLive && <Connection />}
        <Copy text={() => window.location.href} label="Copy link" />
      </div>
    </header>
  );
}

function Connection() {
  const [lost, frozen] = [lostSince.value, frozenSince.value];
  return (
    <>
      <span role="status" class={lost === null ? 'quiet' : 'warning'}>
        {lost !== null
          ? `server not answering since ${moment(lost)}`
          : frozen !== null
            ? `frozen at ${moment(frozen)}; ${waiting.value} changes waiting`
            : 'live'}
      </span>
      <button type="button" aria-pressed={frozen !== null} onClick={toggleFreeze}>
        {frozen === null ? 'Freeze' : 'Continue'}
      </button>
    </>
  );
}

function View() {
  const { path } = place.value;
  const [kind, id, part, cell, , run] = path;
  const name = kind === 's' ? standings.value.get(id)?.name : kind;
  useEffect(() => {
    document.title = name === undefined ? 'edgesweep' : `${name} – edgesweep`;
  }, [name]);
  if (kind === undefined) return <OverviewView />;
  if (kind === 'cluster') return <ClusterView />;
  if (kind === 'compare') return <CompareView />;
  if (kind === 's' && !standings.value.has(id)) {
    return <p>This sweep is not below the folders of the page, or is gone.</p>;
  }
  if (kind === 's' && part === 'c')
    return <CellView id={id} cell={Number(cell)} run={run === undefined ? null : Number(run)} key={`${id} ${cell}`} />;
  if (kind === 's') return <SweepView id={id} key={id} />;
  return <p>There is no such view.</p>;
}
