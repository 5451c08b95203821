import type { Task } from '../../../shared/mod.ts';
import { decodeOutcome, parseSubject, STREAMS, SUBJECTS } from '../../../shared/protocol/mod.ts';
import { limitNotes } from '../../cluster/limited-notes.ts';
import { removeMessage } from '../../cluster/remove-message.ts';
import { follow } from '../../cluster/tail.ts';
import type { Dispatching } from './part.ts';
import { whileAway } from './while-away.ts';

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
    // whatever it is, it would stand in the way of the result, or fill the stream
    const remove = (why: string) => {
      note(`result ${subject} ${why}, and is removed`);
      return whileAway(cluster, () => removeMessage(cluster, STREAMS.results, subject, seq), signal);
    };
    if (!decoded.ok) return void (await remove(`cannot be read: ${decoded.problem}`));
    const { task } = decoded.value;
    if (!work.includes(task)) return void (await remove('belongs to no task of this sweep'));
    sawProgress();
    if (!work.isSettled(task)) await channel.push({ type: 'outcome', outcome: decoded.value, seq });
  });
}
