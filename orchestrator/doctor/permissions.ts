import { setTimeout as sleep } from 'node:timers/promises';
import { headers, PermissionViolationError } from '@nats-io/transport-node';
import { packagedFile } from '../../shared/mod.ts';
import { BUCKETS, type Cluster, DATA_BUCKET, encode, INBOX, STREAMS } from '../../shared/protocol/mod.ts';
import type { Finding } from './finding.ts';

/** How long a refusal that has arrived takes to be handed on. */
const ANSWER_MS = 100;

type Probe = { may: string; role: 'orchestrator' | 'worker'; subject: string };
/** What no worker may do. */
type Forbidden = { may: string; subject: string; data?: object };

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

/** In the same way: no stream has the name that is expected, and nothing matches what is purged. */
const FORBIDDEN: Forbidden[] = [
  { may: 'change the list of sweeps', subject: `$KV.${BUCKETS.sweeps}.doctor` },
  { may: 'replace data sets', subject: `$O.${DATA_BUCKET}.M.doctor` },
  { may: 'change streams', subject: `$JS.API.STREAM.UPDATE.${STREAMS.results}` },
  {
    may: 'remove results',
    subject: `$JS.API.STREAM.PURGE.${STREAMS.results}`,
    data: { filter: 'es.result.doctor.probe.x' },
  },
  { may: 'remove single results', subject: `$JS.API.STREAM.MSG.DELETE.${STREAMS.results}` },
  { may: 'have streams delivered anywhere', subject: `$JS.API.CONSUMER.CREATE.${STREAMS.results}` },
];
/** What no worker may hear. */
const SECRET: Forbidden[] = [
  { may: 'read the answers to orchestrators', subject: `${INBOX.orchestrator}.>` },
  { may: 'read every task and result as it is sent', subject: 'es.>' },
];

/** What this user may do, and whether that is more than one role needs. */
export async function examinePermissions(cluster: Cluster): Promise<Finding[]> {
  const denied = await deniedSubjects(cluster, PROBES);
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
  const excess = await excessOfWorker(cluster);
  if (excess.length > 0) {
    const current = `use the current ${packagedFile('deploy/permissions.conf')}`;
    return [
      { verdict: 'fact', what, text },
      {
        verdict: 'problem',
        what,
        text: `no worker should be able to ${excess.join(', ')}, but this user is: ${current}`,
      },
    ];
  }
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

/** What this user may do beyond the work of a worker. */
async function excessOfWorker(cluster: Cluster): Promise<string[]> {
  const denied = await deniedSubjects(cluster, FORBIDDEN);
  const heard: Forbidden[] = [];
  for (const secret of SECRET) if (await mayHear(cluster, secret.subject)) heard.push(secret);
  return [...FORBIDDEN.filter(({ subject }) => !denied.has(subject)), ...heard].map(({ may }) => may);
}

async function mayHear({ nc }: Cluster, subject: string): Promise<boolean> {
  let denied = false;
  const subscription = nc.subscribe(subject, {
    callback: (error) => {
      denied ||= error !== null;
    },
  });
  await nc.flush();
  await sleep(ANSWER_MS);
  subscription.unsubscribe();
  return !denied;
}

async function deniedSubjects({ nc }: Cluster, probes: { subject: string; data?: object }[]): Promise<Set<string>> {
  const denied = new Set<string>();
  const statuses = nc.status();
  const listening = (async () => {
    for await (const status of statuses) {
      if (status.type === 'error' && status.error instanceof PermissionViolationError) denied.add(status.error.subject);
    }
  })();
  const unstored = headers();
  unstored.set('Nats-Expected-Stream', 'EDGESWEEP_NONE');
  // a string where an object is expected
  for (const { subject, data } of probes) nc.publish(subject, encode(data ?? 'doctor'), { headers: unstored });
  // the answer to the ping of `flush` comes after all refusals; then they only have to be handed on
  await nc.flush();
  await sleep(ANSWER_MS);
  (statuses as { stop?: () => void }).stop?.();
  void listening;
  return denied;
}
