import { computeTask as compute } from '../../dist/program/thread.js';

let tasks = 0;

/** Passes the self-test (run 0 of seed 1), and fails on every task. */
export function computeTask(job) {
  if (job.task.seed === 1) return compute(job);
  tasks += 1;
  throw new Error(`no luck with task ${tasks}`);
}
