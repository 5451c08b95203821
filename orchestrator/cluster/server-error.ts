import { JetStreamApiError } from '@nats-io/jetstream';
import { errors } from '@nats-io/transport-node';
import { EdgesweepError, packagedFile } from '../../shared/mod.ts';
import { permissionViolation } from '../../shared/protocol/mod.ts';

/**
 * What servers of several answer while they choose a leader, or while too few of them are there: no peers for placement, not active, no
 * system, no leader, an offline stream or consumer.
 */
const TOO_FEW: number[] = [10005, 10006, 10008, 10009, 10118, 10119];

const NO_ANSWER = [errors.TimeoutError, errors.NoRespondersError, errors.ClosedConnectionError, errors.RequestError];

/** What the server, or its absence, made of a request, as an error for the user; other errors are handed back as they are. */
export function serverError(cause: unknown): unknown {
  if (cause instanceof EdgesweepError || !(cause instanceof Error)) return cause;
  const denied = permissionViolation(cause);
  if (denied !== undefined) {
    return new EdgesweepError('NATS_AUTHORIZATION', 'this user may not do that on the nats-server', {
      where: `${denied.operation} ${denied.subject}`,
      expected: `an orchestrator, with the permissions of ${packagedFile('deploy/permissions.conf')}`,
      fix: 'use the credentials of an orchestrator; `edgesweep doctor --nats ...` lists the permissions of this user',
      cause,
    });
  }
  if (
    cause instanceof JetStreamApiError &&
    /insufficient|resources|storage|maximum (bytes|messages) exceeded|no space/i.test(cause.message)
  ) {
    return new EdgesweepError('NATS_STORAGE_FULL', 'the nats-server is out of space', {
      got: cause.message,
      fix: 'raise max_file_store in its configuration, free space on its disk, or collect finished sweeps',
      cause,
    });
  }
  if (cause instanceof JetStreamApiError && TOO_FEW.includes(cause.code)) {
    return new EdgesweepError('NATS_UNREACHABLE', 'the nats-servers have no leader, or too few of them are running', {
      got: cause.message,
      fix: 'of three servers, two must be running; new streams of `--nats-replicas 3` need three',
      cause,
    });
  }
  if (NO_ANSWER.some((type) => cause instanceof type)) {
    return new EdgesweepError('NATS_UNREACHABLE', 'the nats-server does not answer', {
      got: cause.message,
      fix: 'check that it is running; of three servers, two must be',
      cause,
    });
  }
  return cause;
}
