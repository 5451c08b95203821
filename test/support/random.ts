import { Stream } from '../../shared/random/mod.ts';

/**
 * Random numbers for a test that takes its chances. The seed is printed, and EDGESWEEP_TEST_SEED gives the same numbers again.
 * @returns uniform in (0, 1)
 */
export function chance(what: string): () => number {
  const seed = Number(process.env.EDGESWEEP_TEST_SEED ?? Date.now() % 2 ** 31);
  console.log(`${what}: EDGESWEEP_TEST_SEED=${seed}`);
  const stream = new Stream({ seed, purpose: 'order', run: 0 });
  return () => stream.uniform();
}
