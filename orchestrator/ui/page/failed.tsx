import type { FailedRun } from '../wire.ts';
import { grouped } from './format.ts';
import { hrefOf } from './link.ts';
import { Head, Log, Scroll } from './parts.tsx';

/** Rows that are shown. */
const MOST = 200;

/** Tasks that nodes could not do, and why. */
export function Failed({ id, failed }: { id: string; failed: readonly FailedRun[] }) {
  if (failed.length === 0) return null;
  return (
    <section aria-labelledby="failed">
      <h2 id="failed">Failed tasks</h2>
      {failed.some(({ isOnServer }) => isOnServer) && (
        <p class="note">
          Those of a node are set aside on the nats-server. <code>edgesweep retry</code> or the cluster view tries them
          again.
        </p>
      )}
      {failed.some(({ isOnServer }) => !isOnServer) && (
        <p class="note">Those without a node failed in a run of this directory. Rerun its command to try them again.</p>
      )}
      <Scroll label="list of failed tasks">
        <table>
          <Head columns={['cell', 'run', 'why', 'node', 'task'].map((name) => ({ name }))} />
          <tbody>
            {failed.slice(0, MOST).map(({ cell, run, why, node, task, log }) => (
              <tr key={task}>
                <td class="right">
                  <a href={hrefOf(['s', id, 'c', cell])}>{cell}</a>
                </td>
                <td class="right">{run}</td>
                <td class="why">
                  {why}
                  {log !== null && (
                    <details>
                      <summary>log</summary>
                      <Log text={log} />
                    </details>
                  )}
                </td>
                <td>{node}</td>
                <td>
                  <code>{task.slice(0, 12)}</code>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      {failed.length > MOST && (
        <p class="note">
          the first {MOST} of {grouped(failed.length)}
        </p>
      )}
    </section>
  );
}
