import { Piscina } from 'piscina';
import { EdgesweepError, type Task } from '../shared/mod.ts';
import type { ThreadError } from './thread.ts';

/**
 * Threads that call a function of `thread.ts`. Under tsx or vitest that is the `.ts` file, when built the `.js` beside this one.
 * @param module another module with such a function
 * @param heap largest heap of a thread, in megabytes. Default: that of Node
 */
export function startThreads<Job, Reply>(
  name: string,
  threads: number,
  module?: URL,
  heap?: number,
): Piscina<Job, Reply> {
  const { href } = module ?? new URL(import.meta.url.endsWith('.ts') ? './thread.ts' : './thread.js', import.meta.url);
  const piscina = new Piscina<Job, Reply>({
    filename: href,
    name,
    // the thread's file is to be imported, which Piscina does where it cannot `require` it: a thread that is ended while it
    // is requiring an ES module takes the whole process with it (Node 20.20, "IsGraphAsync must be used on ...")
    execArgv: href.endsWith('.ts') ? ['--import', 'tsx'] : ['--no-experimental-require-module'],
    minThreads: threads,
    maxThreads: threads,
    idleTimeout: Number.POSITIVE_INFINITY,
    ...(heap !== undefined && { resourceLimits: { maxOldGenerationSizeMb: heap } }),
  });
  // a thread that dies rejects its own task; without a listener the event would end the process
  piscina.on('error', () => {});
  return piscina;
}

/** The error that a thread has sent as data. */
export function errorOf({ code, message, details }: ThreadError['error'], { id }: Task): EdgesweepError {
  const where = details.where === undefined ? `task ${id}` : `task ${id}, ${details.where}`;
  return new EdgesweepError(code, message, { ...details, where });
}
