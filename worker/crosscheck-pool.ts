import type { SearchTask } from '../shared/mod.ts';
import type { Comparison, EnginePair } from './experiments/mod.ts';
import type { CrosscheckJob, ThreadError } from './thread.ts';
import { errorOf, startThreads } from './threads.ts';

export type CrosscheckPool = {
  readonly threads: number;
  /** @throws EdgesweepError when the task cannot be computed */
  run(task: SearchTask): Promise<Comparison>;
  close(): Promise<void>;
};

/** Threads that compute each task on both engines. */
export function createCrosscheckPool(
  threads: number,
  engines: EnginePair,
  data: readonly string[] = [],
): CrosscheckPool {
  const piscina = startThreads<CrosscheckJob, Comparison | ThreadError>('crosscheckTask', threads);
  return {
    threads,
    async run(task) {
      const reply = await piscina.run({ task, engines, data });
      if ('error' in reply) throw errorOf(reply.error, task);
      return reply;
    },
    close: () => piscina.destroy(),
  };
}
