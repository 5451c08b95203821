import { Stream } from '../../shared/random/mod.ts';
import type { Trial } from './problem.ts';

type Start = Pick<Trial, 'seed' | 'run' | 'rung'>;

/**
 * Writes the order of the examples in one pass to `order`: a uniform permutation by Fisher and Yates, fresh for each pass of each
 * trial (part `pass` of its order stream).
 */
export function shuffle(order: Int32Array, { seed, run, rung }: Start, pass: number): void {
  const stream = new Stream({ seed, purpose: 'order', run, rung, part: pass });
  for (let i = 0; i < order.length; i++) order[i] = i;
  for (let i = order.length - 1; i > 0; i--) {
    const j = stream.below(i + 1);
    const swapped = order[i];
    order[i] = order[j];
    order[j] = swapped;
  }
}

/**
 * The batches of a training: rows of the data by iteration, from 0. Each pass is shuffled and cut into batches, the last of which is what
 * is left. So a batch depends on the trial and the iteration alone.
 *
 * @returns a function whose arrays are good until its next call
 */
export function batchesOf(count: number, batchSize: number, trial: Start): (iteration: number) => Int32Array {
  const batchesPerPass = Math.ceil(count / batchSize);
  const order = new Int32Array(count);
  let last = -1;
  return (iteration) => {
    const pass = Math.floor(iteration / batchesPerPass);
    if (pass !== last) shuffle(order, trial, pass);
    last = pass;
    const start = (iteration % batchesPerPass) * batchSize;
    return order.subarray(start, start + batchSize);
  };
}

/**
 * Batches to average over: each is `size` different rows out of `count`, every set of that size equally likely, and independent of all
 * others. Batch k of an iteration is the beginning of a shuffle of its own (part k of the iteration's batch stream).
 */
export function batchSampler(count: number, size: number, { seed, run }: Pick<Trial, 'seed' | 'run'>) {
  const rows = Int32Array.from({ length: count }, (_, i) => i);
  const swap = (i: number, j: number) => {
    const swapped = rows[i];
    rows[i] = rows[j];
    rows[j] = swapped;
  };
  return (iteration: number, k: number): Int32Array => {
    const stream = new Stream({ seed, purpose: 'batch', run, rung: iteration, part: k });
    const swaps = Int32Array.from({ length: size }, (_, i) => i + stream.below(count - i));
    swaps.forEach((j, i) => {
      swap(i, j);
    });
    const batch = rows.slice(0, size);
    // back in order, so that the next batch does not depend on this one
    for (let i = size - 1; i >= 0; i--) swap(i, swaps[i]);
    return batch;
  };
}
