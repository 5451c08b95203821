import { useState } from 'preact/hooks';
import type { ClusterSweep, NodeStanding, Trouble } from '../../wire.ts';
import { Exports } from '../exports.tsx';
import { duration, grouped } from '../format.ts';
import { Audit, Bar, Head, Question, Scroll, TroubleBox } from '../parts.tsx';
import { type CsvValue, csvBlob } from '../save.ts';
import { troubleFrom } from '../source.ts';
import { audit, cluster, overview, source } from '../store.ts';

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
  const { servers, sweeps, nodes, trouble } = standing;
  return (
    <>
      <h1>Cluster</h1>
      <p class="quiet">{servers}</p>
      {trouble !== null && <TroubleBox trouble={trouble} />}
      <h2>Sweeps</h2>
      {sweeps.length === 0 ? <p>No sweep on the server.</p> : <Sweeps sweeps={sweeps} />}
      <h2>Nodes</h2>
      {nodes.length === 0 ? <p>No worker node is heard.</p> : <Nodes nodes={nodes} />}
      <Exports
        what="them"
        formats={[
          { label: 'sweeps as CSV', file: 'cluster-sweeps.csv', make: () => csvBlob(rowsOf(sweeps, SWEEP_FACTS)) },
          { label: 'nodes as CSV', file: 'cluster-nodes.csv', make: () => csvBlob(rowsOf(nodes, NODE_FACTS)) },
        ]}
      />
      <Refused sweeps={sweeps} />
      <Failures sweeps={sweeps} />
      <h2>Actions from this page</h2>
      {audit.value.length === 0 ? <p class="quiet">none</p> : <Audit lines={audit.value} />}
    </>
  );
}

const SWEEP_COLUMNS = [
  ...['sweep', 'state', 'progress'].map((name) => ({ name })),
  ...['done', 'running', 'pending', 'failed', 'total', 'rate', 'time left'].map((name) => ({ name, class: 'right' })),
];

const SWEEP_FACTS = ['key', 'state', 'done', 'running', 'pending', 'failed', 'total', 'rate', 'secondsLeft'] as const;
const NODE_FACTS = ['node', 'host', 'state', 'busy', 'threads', 'done', 'failed', 'load', 'version'] as const;

const rowsOf = <Name extends string>(all: readonly Record<Name, CsvValue>[], names: readonly Name[]) => [
  names,
  ...all.map((one) => names.map((name) => one[name])),
];

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
          <Head columns={isReadOnly ? SWEEP_COLUMNS : [...SWEEP_COLUMNS, { name: 'actions' }]} />
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
        <Question
          label={`${asked.action} ${asked.key}`}
          text={
            <>
              {ACTIONS[asked.action].label} <strong>{asked.key}</strong>? {ACTIONS[asked.action].does(chosen)}
            </>
          }
          verb={ACTIONS[asked.action].label}
          onYes={() => void act()}
          onNo={() => ask(null)}
        />
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

const NUMBERS = ['busy', 'done', 'failed', 'load'];
const NODE_COLUMNS = ['node', 'host', 'state', 'busy', 'done', 'failed', 'load', 'version', 'long tasks'].map(
  (name) => ({
    name,
    ...(NUMBERS.includes(name) && { class: 'right' }),
  }),
);

function Nodes({ nodes }: { nodes: readonly NodeStanding[] }) {
  return (
    <Scroll label="nodes">
      <table>
        <Head columns={NODE_COLUMNS} />
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
        <Head columns={head.map((name) => ({ name }))} />
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
