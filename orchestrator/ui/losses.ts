import { startThreads } from '../../worker/mod.ts';
import type { LossesJob } from './losses-thread.ts';
import type { RunLosses } from './wire.ts';

/** A long training is not waited for longer, in milliseconds. */
const PATIENCE = 60_000;

/** Computes losses again in a thread of its own, which is started when they are asked for first. */
export class LossComputer {
  #pool: ReturnType<typeof startThreads<LossesJob, RunLosses | undefined>> | undefined;

  /** @throws EdgesweepError what computing throws; an error when it takes too long */
  compute(job: LossesJob): Promise<RunLosses | undefined> {
    const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
    this.#pool ??= startThreads('losses', 1, new URL(`./losses-thread.${extension}`, import.meta.url));
    return this.#pool.run(job, { name: 'losses', signal: AbortSignal.timeout(PATIENCE) });
  }

  async close(): Promise<void> {
    await this.#pool?.destroy();
  }
}
