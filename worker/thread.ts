import type { MessagePort } from 'node:worker_threads';
import { EdgesweepError, type EngineName, type ErrorCode, type ErrorDetails, type Task } from '../shared/mod.ts';
import { type Computed, runTask, type Surroundings } from './experiments/mod.ts';

export type ThreadJob = {
  task: Task;
  engine: EngineName;
  data: readonly string[];
  checkpoints: Surroundings['checkpoints'];
  /** told how many iterations are done */
  port?: MessagePort;
};

/** An error that the task itself brings about goes back as data: its class would not survive the way between threads. */
export type ThreadReply =
  | (Computed & { seconds: number })
  | { error: { code: ErrorCode; message: string; details: Omit<ErrorDetails, 'cause'> } };

/** What runs inside a thread of the pool: one task at a time, no sockets, and no files but those of data sets and checkpoints. */
export async function computeTask({ task, engine, data, checkpoints, port }: ThreadJob): Promise<ThreadReply> {
  const started = performance.now();
  try {
    const onIteration = (done: number) => port?.postMessage(done);
    const computed = await runTask(task, engine, { folders: data, checkpoints, onIteration });
    return { ...computed, seconds: (performance.now() - started) / 1000 };
  } catch (error) {
    if (!(error instanceof EdgesweepError)) throw error;
    const { cause: _, ...details } = error.details;
    return { error: { code: error.code, message: error.message, details } };
  }
}
