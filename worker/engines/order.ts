import { Stream } from '../../shared/random/mod.ts';
import type { Trial } from './problem.ts';

/**
 * Writes the order of the examples in one pass to `order`: a uniform permutation by Fisher and Yates, fresh for each pass of each
 * trial (part `pass` of its order stream).
 */
export function shuffle(order: Int32Array, { seed, run, rung }: Trial, pass: number): void {
  const stream = new Stream({ seed, purpose: 'order', run, rung, part: pass });
  for (let i = 0; i < order.length; i++) order[i] = i;
  for (let i = order.length - 1; i > 0; i--) {
    const j = stream.below(i + 1);
    const swapped = order[i];
    order[i] = order[j];
    order[j] = swapped;
  }
}
