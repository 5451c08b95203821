import { setTimeout as sleep } from 'node:timers/promises';
import { PermissionViolationError } from '@nats-io/transport-node';
import { packagedFile } from '../../shared/mod.ts';
import { type Cluster, encode, STREAMS } from '../../shared/protocol/mod.ts';
import type { Finding } from './finding.ts';

type Probe = { may: string; role: 'orchestrator' | 'worker'; subject: string };

/**
 * Published to learn what the server lets pass. Nothing comes of them: no stream takes subjects of so many or so few words, a request that is not
 * an object changes nothing, and there is no consumer `doctor`.
 */
const PROBES: Probe[] = [
  { may: 'send tasks', role: 'orchestrator', subject: 'es.task.doctor.probe' },
  { may: 'create streams', role: 'orchestrator', subject: `$JS.API.STREAM.CREATE.${STREAMS.tasks}` },
  { may: 'read every task', role: 'orchestrator', subject: `$JS.API.DIRECT.GET.${STREAMS.tasks}.es.task.doctor.probe` },
  { may: 'take tasks of every sweep', role: 'worker', subject: `$JS.API.CONSUMER.MSG.NEXT.${STREAMS.tasks}.doctor` },
  { may: 'record results of every sweep', role: 'worker', subject: 'es.result.doctor.probe.x' },
  { may: 'store series of every sweep', role: 'worker', subject: 'es.series.doctor.probe' },
];

/** What this user may do, and whether that is more than one role needs. */
export async function examinePermissions(cluster: Cluster): Promise<Finding[]> {
  const denied = await deniedSubjects(cluster);
  const may = PROBES.filter(({ subject }) => !denied.has(subject));
  const all = (role: Probe['role']) => PROBES.every((probe) => probe.role !== role || may.includes(probe));
  const list = (probes: Probe[]) => probes.map((probe) => probe.may).join(', ') || 'nothing of it';
  const mayNot = PROBES.filter((probe) => !may.includes(probe));
  const text = `may ${list(may)}${mayNot.length === 0 ? '' : `; may not ${list(mayNot)}`}`;
  const what = 'permissions';
  if (may.length === PROBES.length) {
    const open = `this user may do everything: if others can reach the server, use a separate user for workers (${packagedFile('deploy/permissions.conf')})`;
    return [{ verdict: 'warning', what, text: `${text}; ${open}` }];
  }
  if (all('orchestrator')) return [{ verdict: 'ok', what, text: `those of an orchestrator: ${text}` }];
  const isWorker = may.length > 0 && may.every(({ role }) => role === 'worker');
  if (isWorker && !all('worker')) {
    const old = `tasks of a node wait for the missing permissions: check that the server has the current ${packagedFile('deploy/permissions.conf')}`;
    return [{ verdict: 'warning', what, text: `${text}; ${old}` }];
  }
  if (isWorker) return [{ verdict: 'ok', what, text: `those of a worker node: ${text}` }];
  const restricted = 'as a worker it can only serve sweeps that it is granted by name';
  return may.length === 0
    ? [{ verdict: 'fact', what, text: `${text}; ${restricted}` }]
    : [{ verdict: 'warning', what, text }];
}

async function deniedSubjects({ nc }: Cluster): Promise<Set<string>> {
  const denied = new Set<string>();
  const statuses = nc.status();
  const listening = (async () => {
    for await (const status of statuses) {
      if (status.type === 'error' && status.error instanceof PermissionViolationError) denied.add(status.error.subject);
    }
  })();
  // a string where an object is expected
  for (const { subject } of PROBES) nc.publish(subject, encode('doctor'));
  // the answer to the ping of `flush` comes after all refusals; then they only have to be handed on
  await nc.flush();
  await sleep(100);
  (statuses as { stop?: () => void }).stop?.();
  void listening;
  return denied;
}
