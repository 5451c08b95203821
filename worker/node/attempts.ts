import type { KV } from '@nats-io/kv';
import type { Task } from '../../shared/mod.ts';
import { type Attempt, attemptsKey, attemptsSchema, decode, encode } from '../../shared/protocol/mod.ts';

/** The failed tries of a task, on all nodes. What cannot be read counts as none. */
export async function readAttempts(attempts: KV, sweep: string, task: string): Promise<Attempt[]> {
  const entry = await attempts.get(attemptsKey(sweep, task));
  if (entry === null || entry.operation !== 'PUT') return [];
  const decoded = decode(attemptsSchema(), entry.value);
  return decoded.ok ? decoded.value : [];
}

/** Adds a try and returns all. Two nodes never try one task at a time but after a lost connection, when a try may go uncounted. */
export async function addAttempt(attempts: KV, sweep: string, task: Task, attempt: Attempt): Promise<Attempt[]> {
  const all = [...(await readAttempts(attempts, sweep, task.id)), attempt].slice(-100);
  await attempts.put(attemptsKey(sweep, task.id), encode(all));
  return all;
}
