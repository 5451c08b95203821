import { Stream } from '../../shared/random/mod.ts';

/** Uniform in (0, 1); the same for one seed and name, however the scenarios interleave. */
export function randomOf(seed: number, name: string): () => number {
  const run = [...name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 1_000_003, 0);
  const stream = new Stream({ seed, purpose: 'order', run });
  return () => stream.uniform();
}
