import { setTimeout as sleep } from 'node:timers/promises';
import { threadId } from 'node:worker_threads';
import { computeTask as compute } from '../../dist/program/thread.js';

/** What each run of the sweep that is poisoned does. The self-test of a node is run 0. */
const POISON = JSON.parse(process.env.POISON);

/** Computes, but for some runs that end the thread, throw, or ask for more memory than there is. */
export async function computeTask(job) {
  const { run } = job.task;
  if (run === POISON.exits) {
    process.exit(7);
    // the thread ends a moment later
    await sleep(60_000);
  }
  if (run === POISON.throws) throw new Error(`poisoned in thread ${threadId}`);
  if (run === POISON.heap) for (const held = []; ; ) held.push(new Array(100_000).fill(held.length + 0.5));
  if (run === POISON.memory) new ArrayBuffer(Number.MAX_SAFE_INTEGER);
  return compute(job);
}
