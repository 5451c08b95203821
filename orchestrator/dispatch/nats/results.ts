import type { Task } from '../../../shared/mod.ts';
import { decodeOutcome, parseSubject, STREAMS, SUBJECTS } from '../../../shared/protocol/mod.ts';
import { limitNotes } from '../../cluster/limited-notes.ts';
import { follow } from '../../cluster/tail.ts';
import type { Dispatching } from './part.ts';

/** Takes the result of a task from the server, if it is there. */
export async function collect({ cluster, key, channel }: Dispatching, task: Task): Promise<boolean> {
  const subject = SUBJECTS.result(key, task.id);
  const stored = await cluster.jsm.direct.getMessage(STREAMS.results, { last_by_subj: subject });
  const decoded = stored === null ? undefined : decodeOutcome(stored.data, task.id);
  if (stored === null || !decoded?.ok) return false;
  await channel.push({ type: 'outcome', outcome: decoded.value, seq: stored.seq });
  return true;
}

/** Hands on all results that there are and that come. */
export async function followResults(dispatching: Dispatching): Promise<void> {
  const { cluster, key, work, channel, signal, sawProgress } = dispatching;
  const note = limitNotes(dispatching.note, 'results');
  await follow(cluster, STREAMS.results, SUBJECTS.result(key, '*'), signal, async ({ subject, data, seq }) => {
    const names = parseSubject(subject);
    const decoded = decodeOutcome(data, names?.task ?? '');
    if (!decoded.ok) {
      note(`result ${subject} cannot be read and is removed: ${decoded.problem}`);
      await cluster.jsm.streams.deleteMessage(STREAMS.results, seq).catch(() => false);
      return;
    }
    const { task } = decoded.value;
    if (!work.includes(task)) return note(`result ${subject} belongs to no task of this sweep and is ignored`);
    sawProgress();
    if (!work.isSettled(task)) await channel.push({ type: 'outcome', outcome: decoded.value, seq });
  });
}
