import type { JsMsg } from '@nats-io/jetstream';
import type { Task } from '../../shared/mod.ts';
import type { Attempt, FailureMessage } from '../../shared/protocol/mod.ts';
import type { NodeContext } from './context.ts';
import { publishFailure } from './results.ts';

/** Sets a task aside, with why and what was tried. */
export async function setAside(
  context: NodeContext,
  sweep: string,
  task: Task,
  error: FailureMessage['error'],
  attempts: Attempt[],
  message: JsMsg,
): Promise<void> {
  context.note(`task ${task.id} is set aside: ${error.message}`);
  await publishFailure(context, sweep, task.id, { task, error, attempts });
  return message.ack();
}
