import { setTimeout as sleep } from 'node:timers/promises';
import { threadId } from 'node:worker_threads';
import { computeTask as compute, type ThreadJob, type ThreadReply } from '../../worker/thread.ts';

/** Which runs of the sweep do what. The self-test of a node is run 0. */
export const POISON = { exits: 3, throws: 5, heap: 7, memory: 9 } as const;

/** Computes, but for some runs that end the thread, throw, or ask for more memory than there is. */
export async function computeTask(job: ThreadJob): Promise<ThreadReply> {
  const { run } = job.task;
  if (run === POISON.exits) {
    process.exit(7);
    // the thread ends a moment later
    await sleep(60_000);
  }
  if (run === POISON.throws) throw new Error(`poisoned in thread ${threadId}`);
  if (run === POISON.heap) for (const held: number[][] = []; ; ) held.push(new Array(100_000).fill(held.length + 0.5));
  if (run === POISON.memory) new ArrayBuffer(Number.MAX_SAFE_INTEGER);
  return compute(job);
}
