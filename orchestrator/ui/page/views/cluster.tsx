import { useState } from 'preact/hooks';
import type { ClusterSweep, NodeStanding, Trouble } from '../../wire.ts';
import { duration, grouped, moment } from '../format.ts';
import { Bar, Scroll, TroubleBox } from '../parts.tsx';
import { troubleFrom } from '../source.ts';
import { cluster, overview, source } from '../store.ts';

/** What each action does, as the question says it. */
const ACTIONS: Record<string, { label: string; does(sweep: ClusterSweep): string }> = {
  pause: {
    label: 'Pause',
    does: ({ running }) => `Nodes finish the ${grouped(running)} tasks in flight and take no more.`,
  },
  resume: { label: 'Resume', does: ({ pending }) => `Nodes take the ${grouped(pending)} pending tasks again.` },
  cancel: {
    label: 'Cancel',
    does: ({ pending, done }) =>
      `Removes ${grouped(pending)} pending tasks from the server; its ${grouped(done)} results stay.`,
  },
  retry: {
    label: 'Retry failed',
    does: ({ failed }) => `The next run with --nats tries ${grouped(failed)} failed tasks again.`,
  },
};

export function ClusterView() {
  const standing = cluster.value;
  if (standing === null) return <p>No nats-server: start the page with --nats.</p>;
  const { servers, sweeps, nodes, audit, trouble } = standing;
  return (
    <>
      <h1>Cluster</h1>
      <p class="quiet">{servers}</p>
      {trouble !== null && <TroubleBox trouble={trouble} />}
      <h2>Sweeps</h2>
      {sweeps.length === 0 ? <p>No sweep on the server.</p> : <Sweeps sweeps={sweeps} />}
      <h2>Nodes</h2>
      {nodes.length === 0 ? <p>No worker node is heard.</p> : <Nodes nodes={nodes} />}
      <Refused sweeps={sweeps} />
      <Failures sweeps={sweeps} />
      <h2>Actions from this page</h2>
      {audit.length === 0 ? (
        <p class="quiet">none</p>
      ) : (
        <div role="log">
          <ol class="audit">
            {audit.map(({ at, text }) => (
              <li key={`${at} ${text}`}>
                <time>{moment(at)}</time> {text}
              </li>
            ))}
          </ol>
        </div>
      )}
    </>
  );
}

function Sweeps({ sweeps }: { sweeps: readonly ClusterSweep[] }) {
  const [asked, ask] = useState<{ action: string; key: string } | null>(null);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const isReadOnly = overview.value?.readOnly ?? true;
  const act = async () => {
    if (asked === null) return;
    try {
      await source().act?.(asked.action, asked.key);
      setTrouble(null);
    } catch (error) {
      setTrouble(troubleFrom(error));
    }
    ask(null);
  };
  const chosen = sweeps.find(({ key }) => key === asked?.key);
  return (
    <>
      <Scroll label="sweeps on the server">
        <table>
          <thead>
            <tr>
              {['sweep', 'state', 'progress', 'done', 'running', 'pending', 'failed', 'total', 'rate', 'time left'].map(
                (name, i) => (
                  <th key={name} scope="col" class={i > 2 ? 'right' : ''}>
                    {name}
                  </th>
                ),
              )}
              {!isReadOnly && <th scope="col">actions</th>}
            </tr>
          </thead>
          <tbody>
            {sweeps.map((sweep) => (
              <tr key={sweep.key}>
                <td>{sweep.key}</td>
                <td>{sweep.state}</td>
                <td>
                  <Bar
                    done={sweep.done}
                    total={sweep.total}
                    label={`${sweep.key}: ${sweep.done} of ${sweep.total} done`}
                  />
                </td>
                {([sweep.done, sweep.running, sweep.pending, sweep.failed, sweep.total] as const).map((value, i) => (
                  <td key={i} class="right">
                    {grouped(value)}
                  </td>
                ))}
                <td class="right">{sweep.rate === null ? '–' : `${sweep.rate.toPrecision(3)} /s`}</td>
                <td class="right">{duration(sweep.secondsLeft)}</td>
                {!isReadOnly && (
                  <td class="actions">
                    {Object.entries(ACTIONS).map(([action, { label }]) => (
                      <button
                        key={action}
                        type="button"
                        aria-label={`${label} ${sweep.key}`}
                        disabled={!isPossible(action, sweep)}
                        onClick={() => ask({ action, key: sweep.key })}
                      >
                        {label}
                      </button>
                    ))}
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      {trouble !== null && <TroubleBox trouble={trouble} />}
      {asked !== null && chosen !== undefined && (
        <div class="question" role="alertdialog" aria-label={`${asked.action} ${asked.key}`}>
          <p>
            {ACTIONS[asked.action].label} <strong>{asked.key}</strong>? {ACTIONS[asked.action].does(chosen)}
          </p>
          <button type="button" ref={(button) => button?.focus()} onClick={() => void act()}>
            {ACTIONS[asked.action].label}
          </button>{' '}
          <button type="button" onClick={() => ask(null)}>
            Leave it
          </button>
        </div>
      )}
    </>
  );
}

function isPossible(action: string, { state, failed }: ClusterSweep): boolean {
  if (action === 'retry') return failed > 0;
  if (action === 'pause') return state === 'running';
  if (action === 'resume') return state === 'paused';
  return state === 'running' || state === 'paused';
}

function Nodes({ nodes }: { nodes: readonly NodeStanding[] }) {
  return (
    <Scroll label="nodes">
      <table>
        <thead>
          <tr>
            {['node', 'host', 'state', 'busy', 'done', 'failed', 'load', 'version', 'long tasks'].map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {nodes.map(({ node, host, state, busy, threads, done, failed, load, version, underWay }) => (
            <tr key={node}>
              <td>{node}</td>
              <td>{host}</td>
              <td>{state}</td>
              <td class="right">
                {busy} of {threads}
              </td>
              <td class="right">{grouped(done)}</td>
              <td class="right">{grouped(failed)}</td>
              <td class="right">{load.toFixed(1)}</td>
              <td>{version}</td>
              <td>
                {underWay.map(({ task, sweep, iterations }) => (
                  <div key={task}>
                    <code>{task.slice(0, 12)}</code> of {sweep}: iteration {grouped(iterations)}
                  </div>
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

/** Nodes of which the orchestrator takes no result: `--trusted-keys` lacks their key, or an audit found another result. */
function Refused({ sweeps }: { sweeps: readonly ClusterSweep[] }) {
  const rows = sweeps.flatMap(({ key: sweep, refused }) => refused.map((node) => ({ sweep, ...node })));
  if (rows.length === 0) return null;
  return (
    <>
      <h2>Refused nodes</h2>
      <List
        label="refused nodes"
        head={['sweep', 'node', 'why', 'key']}
        rows={rows.map(({ sweep, node, why, key }) => [sweep, node, why, key])}
      />
    </>
  );
}

function Failures({ sweeps }: { sweeps: readonly ClusterSweep[] }) {
  const failing = sweeps.filter(({ failures }) => failures.length > 0);
  if (failing.length === 0) return null;
  return (
    <>
      <h2>Failed tasks</h2>
      {failing.map(({ key, failed, failures }) => (
        <div key={key}>
          <List
            label={`failed tasks of ${key}`}
            head={['sweep', 'task', 'cell', 'why', 'node']}
            rows={failures.map(({ task, text, why, node }) => [key, task.slice(0, 12), text, why, node])}
          />
          {failed > failures.length && (
            <p class="note">
              {failures.length} of {grouped(failed)} of {key}
            </p>
          )}
        </div>
      ))}
    </>
  );
}

function List({ label, head, rows }: { label: string; head: readonly string[]; rows: readonly string[][] }) {
  return (
    <Scroll label={label}>
      <table>
        <thead>
          <tr>
            {head.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.join(' ')}>
              {row.map((text, i) => (
                <td key={head[i]} {...(head[i] === 'why' && { class: 'why' })}>
                  {text}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}
