import type { MessagePort } from 'node:worker_threads';
import {
  EdgesweepError,
  type EngineName,
  type ErrorCode,
  type ErrorDetails,
  type SearchTask,
  type Task,
} from '../shared/mod.ts';
import {
  type Comparison,
  type Computed,
  crosscheck,
  type EnginePair,
  runTask,
  type Surroundings,
} from './experiments/mod.ts';

export type ThreadJob = {
  task: Task;
  engine: EngineName;
  data: readonly string[];
  checkpoints: Surroundings['checkpoints'];
  /** told how many iterations are done */
  port?: MessagePort;
};

/** An error that the task itself brings about goes back as data: its class would not survive the way between threads. */
export type ThreadError = { error: { code: ErrorCode; message: string; details: Omit<ErrorDetails, 'cause'> } };

export type ThreadReply = (Computed & { engine: string; seconds: number }) | ThreadError;

/** What runs inside a thread of the pool: one task at a time, no sockets, and no files but those of data sets and checkpoints. */
export function computeTask({ task, engine, data, checkpoints, port }: ThreadJob): Promise<ThreadReply> {
  const started = performance.now();
  return withErrors(async () => {
    const onIteration = (done: number) => port?.postMessage(done);
    const computed = await runTask(task, engine, { folders: data, checkpoints, onIteration });
    return { ...computed, seconds: (performance.now() - started) / 1000 };
  });
}

export type CrosscheckJob = { task: SearchTask; engines: EnginePair; data: readonly string[] };

/** A task on two engines. */
export const crosscheckTask = ({ task, engines, data }: CrosscheckJob): Promise<Comparison | ThreadError> =>
  withErrors(() => crosscheck(task, engines, data));

async function withErrors<Reply>(compute: () => Promise<Reply>): Promise<Reply | ThreadError> {
  try {
    return await compute();
  } catch (error) {
    if (!(error instanceof EdgesweepError)) throw error;
    const { cause: _, ...details } = error.details;
    return { error: { code: error.code, message: error.message, details } };
  }
}
