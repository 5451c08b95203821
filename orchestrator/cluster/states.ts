import pLimit from 'p-limit';
import { type Outcome, type Task, taskId } from '../../shared/mod.ts';
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

/** A task that was set aside. */
export type FailedTask = {
  id: string;
  /** undefined where the message cannot be read, or is of another task */
  task: Task | undefined;
  error: string;
  /** that tried it last */
  node: string | undefined;
  /** beginning and end of what a program wrote */
  log: string | undefined;
};

const AT_ONCE = 32;

/** Reads the last message of each subject. @param most subjects that are read */
async function readEach(
  { cluster, stream, subject, most }: { cluster: Cluster; stream: string; subject: string; most?: number },
  read: (id: string, data: Uint8Array, seq: number) => void,
): Promise<void> {
  const subjects = (await listSubjects(cluster, stream, subject)).slice(0, most);
  const limit = pLimit(AT_ONCE);
  const one = async (found: string) => {
    const id = parseSubject(found)?.task;
    const message = await cluster.jsm.direct.getMessage(stream, { last_by_subj: found });
    if (id !== undefined && message !== null) read(id, message.data, message.seq);
  };
  await Promise.all(subjects.map((found) => limit(one, found)));
}

/** The tasks of a sweep that were set aside, and why. @param most that are read */
export async function readFailures(cluster: Cluster, sweep: string, most?: number): Promise<FailedTask[]> {
  const failures: FailedTask[] = [];
  const where = { cluster, stream: STREAMS.failed, subject: SUBJECTS.failed(sweep, '*'), ...(most && { most }) };
  await readEach(where, (id, data) => {
    const decoded = decode(failureMessageSchema(), data);
    if (!decoded.ok) {
      failures.push({ id, task: undefined, error: 'the reason cannot be read', node: undefined, log: undefined });
      return;
    }
    const { task, error, attempts } = decoded.value;
    const own = task !== undefined && taskId(task) === id ? task : undefined;
    failures.push({ id, task: own, error: error.message, node: attempts.at(-1)?.node, log: error.log });
  });
  return failures;
}

/** By the ids of the tasks of a sweep; those that wait, or that the server does not know, are missing. One entry each: not for millions. */
export async function readServerStates(cluster: Cluster, sweep: string): Promise<Map<string, ServerState>> {
  const states = new Map<string, ServerState>();
  // in this order: a task may be done and still be among those handed out, or have failed and been done since
  const delivered = (await consumerInfo(cluster, sweep))?.delivered.stream_seq ?? 0;
  await readEach({ cluster, stream: STREAMS.tasks, subject: SUBJECTS.task(sweep, '*') }, (id, _, seq) => {
    if (seq <= delivered) states.set(id, { state: 'running' });
  });
  for (const { id, error, node } of await readFailures(cluster, sweep))
    states.set(id, { state: 'failed', failure: { error, node } });
  await readEach({ cluster, stream: STREAMS.results, subject: SUBJECTS.result(sweep, '*') }, (id, data) => {
    const decoded = decodeOutcome(data, id);
    if (decoded.ok) states.set(id, { state: 'done', outcome: decoded.value });
  });
  return states;
}
