import { hostname } from 'node:os';
import { Piscina } from 'piscina';
import { EdgesweepError, type EngineName, type Outcome, softwareVersion, type Task } from '../shared/mod.ts';
import type { ThreadJob, ThreadReply } from './thread.ts';

export type PoolOptions = {
  /** threads, one task each at a time */
  threads: number;
  engine: EngineName;
  /** data directories, in which the files of data sets are looked for */
  data?: readonly string[] | undefined;
  /** a module with a `computeTask`, instead of the one that computes: for tests of threads that fail */
  thread?: URL | undefined;
};

export type Pool = {
  readonly threads: number;
  /**
   * @param attempt how often the task has been tried, this time included; it goes into the provenance
   * @throws EdgesweepError when the task cannot be computed, whoever tries; any other error when its thread died
   */
  run(task: Task, attempt: number): Promise<Outcome>;
  /** Ends all threads at once; tasks under way are rejected. */
  close(): Promise<void>;
};

/** A pool of threads that compute tasks. Under tsx or vitest the thread is the `.ts` file, when built the `.js` beside this one. */
export function createPool({ threads, engine, data = [], thread }: PoolOptions): Pool {
  const fromSource = import.meta.url.endsWith('.ts');
  const piscina = new Piscina<ThreadJob, ThreadReply>({
    filename: (thread ?? new URL(fromSource ? './thread.ts' : './thread.js', import.meta.url)).href,
    name: 'computeTask',
    // the thread's file is to be imported, which Piscina does where it cannot `require` it: a thread that is ended while it
    // is requiring an ES module takes the whole process with it (Node 20.20, "IsGraphAsync must be used on ...")
    execArgv: fromSource ? ['--import', 'tsx'] : ['--no-experimental-require-module'],
    minThreads: threads,
    maxThreads: threads,
    idleTimeout: Number.POSITIVE_INFINITY,
  });
  // a thread that dies rejects its own task; without a listener the event would end the process
  piscina.on('error', () => {});
  const host = hostname();
  return {
    threads,
    async run(task, attempt) {
      const reply = await piscina.run({ task, engine, data });
      if ('error' in reply) {
        const { code, message, details } = reply.error;
        const where = details.where === undefined ? `task ${task.id}` : `task ${task.id}, ${details.where}`;
        throw new EdgesweepError(code, message, { ...details, where });
      }
      const { result, seconds } = reply;
      const version = softwareVersion();
      return { task, result, provenance: { engine, host, seconds, version, node: process.version, attempts: attempt } };
    },
    close: () => piscina.destroy(),
  };
}
