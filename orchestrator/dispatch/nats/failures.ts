import type { JsMsg } from '@nats-io/jetstream';
import { EdgesweepError, taskId } from '../../../shared/mod.ts';
import { decode, failureMessageSchema, parseSubject, STREAMS, SUBJECTS } from '../../../shared/protocol/mod.ts';
import { follow } from '../../cluster/tail.ts';
import type { Dispatching } from './part.ts';

/**
 * Hands on all failures that there are and that come.
 * @param setAside gets the ids of their tasks @param onCaughtUp called when those that were there at the start are known
 * @throws EdgesweepError OUTCOMES_DIFFER
 */
export async function followFailures(
  { cluster, key, work, channel, signal, note }: Dispatching,
  setAside: Set<string>,
  onCaughtUp: () => void,
): Promise<void> {
  const handle = async (message: JsMsg): Promise<void> => {
    const decoded = decode(failureMessageSchema, message.data);
    if (!decoded.ok) return note(`message ${message.subject} cannot be read: ${decoded.problem}`);
    const { task, error } = decoded.value;
    if (task === undefined) return note(`message for ${message.subject} was set aside: ${error.message}`);
    if (taskId(task) !== parseSubject(message.subject)?.task || !work.includes(task))
      return note(`message ${message.subject} belongs to no task of this sweep and is ignored`);
    if (error.code === 'OUTCOMES_DIFFER') {
      throw new EdgesweepError('OUTCOMES_DIFFER', `two nodes computed different results for task ${task.id}`, {
        where: message.subject,
        got: error.message,
        fix: 'one of the machines is faulty: find it with `edgesweep verify` on each',
      });
    }
    setAside.add(task.id);
    if (!work.isSettled(task)) await channel.push({ type: 'failure', failure: { task, error } });
  };
  await follow(cluster, STREAMS.failed, SUBJECTS.failed(key, '*'), signal, handle, onCaughtUp);
}
