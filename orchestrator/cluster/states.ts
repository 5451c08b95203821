import pLimit from 'p-limit';
import type { Outcome } from '../../shared/mod.ts';
import {
  type Cluster,
  decode,
  decodeOutcome,
  failureMessageSchema,
  parseSubject,
  STREAMS,
  SUBJECTS,
} from '../../shared/protocol/mod.ts';
import { consumerInfo } from './consumer.ts';
import { listSubjects } from './subjects.ts';

/** What a server knows of a task that is not merely waiting. */
export type ServerState =
  | { state: 'done'; outcome: Outcome }
  | { state: 'running' }
  | { state: 'failed'; failure: { error: string; node: string | undefined } };

const AT_ONCE = 32;

/** By the ids of the tasks of a sweep; those that wait, or that the server does not know, are missing. One entry each: not for millions. */
export async function readServerStates(cluster: Cluster, sweep: string): Promise<Map<string, ServerState>> {
  const { jsm } = cluster;
  const states = new Map<string, ServerState>();
  const limit = pLimit(AT_ONCE);
  const each = async (stream: string, subject: string, read: (id: string, data: Uint8Array, seq: number) => void) => {
    const subjects = await listSubjects(cluster, stream, subject);
    const one = async (found: string) => {
      const id = parseSubject(found)?.task;
      const message = await jsm.direct.getMessage(stream, { last_by_subj: found });
      if (id !== undefined && message !== null) read(id, message.data, message.seq);
    };
    await Promise.all(subjects.map((found) => limit(one, found)));
  };
  // in this order: a task may be done and still be among those handed out, or have failed and been done since
  const delivered = (await consumerInfo(cluster, sweep))?.delivered.stream_seq ?? 0;
  await each(STREAMS.tasks, SUBJECTS.task(sweep, '*'), (id, _, seq) => {
    if (seq <= delivered) states.set(id, { state: 'running' });
  });
  await each(STREAMS.failed, SUBJECTS.failed(sweep, '*'), (id, data) => {
    const decoded = decode(failureMessageSchema, data);
    const error = decoded.ok ? decoded.value.error.message : 'the reason cannot be read';
    states.set(id, {
      state: 'failed',
      failure: { error, node: decoded.ok ? decoded.value.attempts.at(-1)?.node : undefined },
    });
  });
  await each(STREAMS.results, SUBJECTS.result(sweep, '*'), (id, data) => {
    const decoded = decodeOutcome(data, id);
    if (decoded.ok) states.set(id, { state: 'done', outcome: decoded.value });
  });
  return states;
}
