import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import { MessageChannel } from 'node:worker_threads';
import type { Piscina } from 'piscina';
import {
  type EngineChoice,
  iterationsOf,
  type Outcome,
  type Provenance,
  softwareVersion,
  type Task,
} from '../shared/mod.ts';
import { resolveEngine } from './engines/mod.ts';
import type { Surroundings } from './experiments/mod.ts';
import type { ThreadJob, ThreadReply } from './thread.ts';
import { errorOf, startThreads } from './threads.ts';

export type PoolOptions = {
  /** threads, one task each at a time */
  threads: number;
  engine: EngineChoice;
  /** data directories, in which the files of data sets are looked for */
  data?: readonly string[] | undefined;
  /** where long tasks leave what they go on from after a kill; nowhere unless given */
  checkpoints?: Surroundings['checkpoints'];
  /** a module with a `computeTask`, instead of the one that computes: for tests of threads that fail */
  thread?: URL | undefined;
};

/** An outcome, and the file that its provenance tells of: the series of a trajectory. */
export type ComputedOutcome = { outcome: Outcome; file?: Uint8Array | undefined };

export type Pool = {
  readonly threads: number;
  /**
   * @param attempt how often the task has been tried, this time included; it goes into the provenance
   * @param onIteration told now and then how many iterations of a long task are done
   * @throws EdgesweepError when the task cannot be computed, whoever tries; any other error when its thread died
   */
  run(task: Task, attempt: number, onIteration?: (done: number) => void): Promise<ComputedOutcome>;
  /** Ends all threads at once; tasks under way are rejected. */
  close(): Promise<void>;
};

/** A pool of threads that compute tasks. */
export function createPool({ threads, engine, data = [], checkpoints, thread }: PoolOptions): Pool {
  const piscina = startThreads<ThreadJob, ThreadReply>('computeTask', threads, thread);
  const host = hostname();
  // here and not in the threads: what there is to note is noted once
  const chosen = resolveEngine(engine);
  return {
    threads,
    async run(task, attempt, onIteration) {
      const job = { task, engine: chosen, data, checkpoints };
      const reply = await (iterationsOf(task.cell) > 0 ? runWithPort(piscina, job, onIteration) : piscina.run(job));
      if ('error' in reply) throw errorOf(reply.error, task);
      const { result, seconds, file, engine: used } = reply;
      const version = softwareVersion();
      const provenance: Provenance = { engine: used, host, seconds, version, node: process.version, attempts: attempt };
      if (file !== undefined) {
        provenance.file = { sha256: createHash('sha256').update(file).digest('hex'), bytes: file.length };
      }
      // the thread has computed the result of this task
      return { outcome: { task, result, provenance } as Outcome, file };
    },
    close: () => piscina.destroy(),
  };
}

/** A channel each, so that what one task tells is not taken for another's. */
async function runWithPort(
  piscina: Piscina<ThreadJob, ThreadReply>,
  job: ThreadJob,
  onIteration: (done: number) => void = () => {},
): Promise<ThreadReply> {
  const { port1, port2 } = new MessageChannel();
  port1.on('message', onIteration);
  try {
    return await piscina.run({ ...job, port: port2 }, { transferList: [port2] });
  } finally {
    port1.close();
  }
}
