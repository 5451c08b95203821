import type { JsMsg } from '@nats-io/jetstream';
import { taskId } from '../../../shared/mod.ts';
import { decode, failureMessageSchema, parseSubject, STREAMS, SUBJECTS } from '../../../shared/protocol/mod.ts';
import { limitNotes } from '../../cluster/limited-notes.ts';
import { follow } from '../../cluster/tail.ts';
import type { Disputes } from './disputes.ts';
import type { Dispatching } from './part.ts';

/**
 * Hands on all failures that there are and that come.
 * @param setAside gets the ids of their tasks @param onCaughtUp called when those that were there at the start are known
 */
export async function followFailures(
  { cluster, key, work, channel, signal, ...dispatching }: Dispatching,
  disputes: Disputes,
  setAside: Set<string>,
  onCaughtUp: () => void,
): Promise<void> {
  const note = limitNotes(dispatching.note, 'messages about failures');
  const handle = async (message: JsMsg): Promise<void> => {
    const decoded = decode(failureMessageSchema(), message.data);
    if (!decoded.ok) return note(`message ${message.subject} cannot be read: ${decoded.problem}`);
    const { task, error } = decoded.value;
    if (task === undefined) return note(`message for ${message.subject} was set aside: ${error.message}`);
    if (taskId(task) !== parseSubject(message.subject)?.task || !work.includes(task))
      return note(`message ${message.subject} belongs to no task of this sweep and is ignored`);
    if (error.code === 'OUTCOMES_DIFFER') {
      const { subject, seq } = message;
      return disputes.raise({ task, text: error.message, subject, seq });
    }
    setAside.add(task.id);
    if (!work.isSettled(task)) await channel.push({ type: 'failure', failure: { task, error } });
  };
  await follow(cluster, STREAMS.failed, SUBJECTS.failed(key, '*'), signal, handle, onCaughtUp);
}
