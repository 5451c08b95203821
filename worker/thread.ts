import {
  EdgesweepError,
  type EngineName,
  type ErrorCode,
  type ErrorDetails,
  type Result,
  type Task,
} from '../shared/mod.ts';
import { runTask } from './experiments/mod.ts';

export type ThreadJob = { task: Task; engine: EngineName; data: readonly string[] };

/** An error that the task itself brings about goes back as data: its class would not survive the way between threads. */
export type ThreadReply =
  | { result: Result; seconds: number }
  | { error: { code: ErrorCode; message: string; details: Omit<ErrorDetails, 'cause'> } };

/** What runs inside a thread of the pool: one task at a time, no sockets, and no files but those of data sets. */
export function computeTask({ task, engine, data }: ThreadJob): ThreadReply {
  const started = performance.now();
  try {
    const result = runTask(task, engine, data);
    return { result, seconds: (performance.now() - started) / 1000 };
  } catch (error) {
    if (!(error instanceof EdgesweepError)) throw error;
    const { cause: _, ...details } = error.details;
    return { error: { code: error.code, message: error.message, details } };
  }
}
