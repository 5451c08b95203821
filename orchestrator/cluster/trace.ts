import type { Outcome, Task } from '../../shared/mod.ts';
import {
  type Attempt,
  attemptsKey,
  attemptsSchema,
  type Cluster,
  decode,
  decodeOutcome,
  decodeTask,
  type FailureMessage,
  failureMessageSchema,
  parseSubject,
  STREAMS,
  SUBJECTS,
} from '../../shared/protocol/mod.ts';
import { findBuckets } from './buckets.ts';
import { consumerInfo } from './consumer.ts';
import { listSubjects } from './subjects.ts';

/** What the server has of a task in one sweep. */
export type Trace = {
  sweep: string;
  /** `handed-out`: to a node, which may have acknowledged it since */
  queue: 'waiting' | 'handed-out' | 'absent';
  task: Task | undefined;
  outcome: Outcome | undefined;
  attempts: Attempt[];
  failure: FailureMessage | undefined;
};

/** @param id of a task, or what it begins with @returns the ids that begin so, on the server */
export async function findTasks(cluster: Cluster, id: string): Promise<string[]> {
  // whole ids are looked up; for a prefix the server has to list what there is
  const pattern = id.length === 32 ? id : '*';
  const listed = await Promise.all([
    listSubjects(cluster, STREAMS.tasks, SUBJECTS.task('*', pattern)),
    listSubjects(cluster, STREAMS.results, SUBJECTS.result('*', pattern)),
    listSubjects(cluster, STREAMS.failed, SUBJECTS.failed('*', pattern)),
  ]);
  const ids = listed.flat().flatMap((subject) => parseSubject(subject)?.task ?? []);
  return [...new Set(ids.filter((found) => found.startsWith(id)))];
}

/** In every sweep of which the server has something of the task. @param id whole */
export async function traceTask(cluster: Cluster, id: string): Promise<Trace[]> {
  const buckets = await findBuckets(cluster);
  if (buckets === undefined) return [];
  const last = async (stream: string, subject: string) =>
    cluster.jsm.direct.getMessage(stream, { last_by_subj: subject });
  const traces: Trace[] = [];
  for (const sweep of await sweepsOf(cluster, id)) {
    const [queued, stored, failed, tried, consumer] = await Promise.all([
      last(STREAMS.tasks, SUBJECTS.task(sweep, id)),
      last(STREAMS.results, SUBJECTS.result(sweep, id)),
      last(STREAMS.failed, SUBJECTS.failed(sweep, id)),
      buckets.attempts.get(attemptsKey(sweep, id)),
      consumerInfo(cluster, sweep),
    ]);
    const task = queued && decodeTask(queued.data, id);
    const outcome = stored && decodeOutcome(stored.data, id);
    const failure = failed && decode(failureMessageSchema(), failed.data);
    const attempts = tried?.operation === 'PUT' ? decode(attemptsSchema(), tried.value) : undefined;
    const delivered = consumer?.delivered.stream_seq ?? 0;
    traces.push({
      sweep,
      queue: queued === null ? 'absent' : queued.seq > delivered ? 'waiting' : 'handed-out',
      task: task?.ok ? task.value : undefined,
      outcome: outcome?.ok ? outcome.value : undefined,
      attempts: attempts?.ok ? attempts.value : [],
      failure: failure?.ok ? failure.value : undefined,
    });
  }
  return traces;
}

async function sweepsOf(cluster: Cluster, id: string): Promise<string[]> {
  const listed = await Promise.all([
    listSubjects(cluster, STREAMS.tasks, SUBJECTS.task('*', id)),
    listSubjects(cluster, STREAMS.results, SUBJECTS.result('*', id)),
    listSubjects(cluster, STREAMS.failed, SUBJECTS.failed('*', id)),
  ]);
  return [...new Set(listed.flat().flatMap((subject) => parseSubject(subject)?.sweep ?? []))].sort();
}
