import pLimit from 'p-limit';
import {
  BUCKETS,
  type Cluster,
  decode,
  failureMessageSchema,
  parseSubject,
  STREAMS,
  SUBJECTS,
} from '../../shared/protocol/mod.ts';
import { purgeTask } from './consumer.ts';
import type { Known } from './find-sweep.ts';
import { removeMessage } from './remove-message.ts';
import { hasStream } from './streams.ts';
import { listSubjects } from './subjects.ts';

const AT_ONCE = 32;

/** Sweeps of which tasks are set aside, also those that are off the list. Their names are as in their keys. */
export async function sweepsWithFailures(cluster: Cluster): Promise<Known[]> {
  const subjects = await listSubjects(cluster, STREAMS.failed, SUBJECTS.failed('*', '*'));
  const keys = new Set(subjects.flatMap((subject) => parseSubject(subject)?.sweep ?? []));
  return [...keys].map((key) => ({ key, name: key.replace(/-[0-9a-f]+$/, '') }));
}

/**
 * Forgets the failures of a sweep and all that was tried, so that its tasks are sent again as new ones. Where two nodes disagreed, the
 * recorded result is removed as well: a third computation decides.
 * @returns how many tasks were set aside, and of how many the result was removed
 */
export async function forgetFailures(cluster: Cluster, sweep: string): Promise<{ failed: number; disagreed: number }> {
  const { jsm } = cluster;
  const subjects = await listSubjects(cluster, STREAMS.failed, SUBJECTS.failed(sweep, '*'));
  const limit = pLimit(AT_ONCE);
  let disagreed = 0;
  const forget = async (subject: string): Promise<void> => {
    const task = parseSubject(subject)?.task ?? '';
    const message = await jsm.direct.getMessage(STREAMS.failed, { last_by_subj: subject });
    const decoded = message && decode(failureMessageSchema(), message.data);
    if (decoded?.ok && decoded.value.error.code === 'OUTCOMES_DIFFER') {
      disagreed += 1;
      await removeMessage(cluster, STREAMS.results, SUBJECTS.result(sweep, task));
      // on a server that no newer version has used yet, there is no such stream
      if (await hasStream(cluster, STREAMS.series))
        await jsm.streams.purge(STREAMS.series, { filter: SUBJECTS.series(sweep, task, '*', '*') });
    }
    // the message of an acknowledged task would stand in the way of sending it again
    await purgeTask(cluster, sweep, task);
    await removeMessage(cluster, STREAMS.failed, subject);
  };
  await Promise.all(subjects.map((subject) => limit(forget, subject)));
  const attempts = `KV_${BUCKETS.attempts}`;
  if (await hasStream(cluster, attempts))
    await jsm.streams.purge(attempts, { filter: `$KV.${BUCKETS.attempts}.${sweep}.*` });
  return { failed: subjects.length, disagreed };
}
