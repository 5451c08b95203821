import { computeTask as compute } from '../../dist/program/thread.js';

let calls = 0;

/** Passes the first self-test; then everything fails, the self-test too. */
export function computeTask(job) {
  calls += 1;
  if (calls === 1) return compute(job);
  throw new Error('the machine has gone bad');
}
