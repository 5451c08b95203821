import type { DataSet } from './counts.ts';

/**
 * The step size at which so large a share diverges, by the shares alone: they are made to rise by pooling neighbours that fall
 * (Ayer et al. 1955), and what lies between two step sizes is linear in log step size. 0 where the share is reached at the smallest step
 * size already, infinity where it is not at the largest.
 * @param stepSizes ascending
 */
export function crossing(stepSizes: readonly number[], { trained, diverged }: DataSet, share: number): number {
  const used = stepSizes.map((_, i) => i).filter((i) => trained[i] > 0);
  const shares = rising(
    used.map((i) => trained[i]),
    used.map((i) => diverged[i]),
  );
  const at = shares.findIndex((value) => value >= share);
  if (at < 0) return Number.POSITIVE_INFINITY;
  if (at === 0) return 0;
  const weight = (share - shares[at - 1]) / (shares[at] - shares[at - 1]);
  const [low, high] = [stepSizes[used[at - 1]], stepSizes[used[at]]];
  return low * Math.exp(weight * Math.log(high / low));
}

function rising(trained: readonly number[], diverged: readonly number[]): number[] {
  const pools: { n: number; k: number; length: number }[] = [];
  trained.forEach((n, i) => {
    let pool = { n, k: diverged[i], length: 1 };
    for (let last = pools.at(-1); last !== undefined && last.k * pool.n >= pool.k * last.n; last = pools.at(-1)) {
      pool = { n: last.n + pool.n, k: last.k + pool.k, length: last.length + pool.length };
      pools.pop();
    }
    pools.push(pool);
  });
  return pools.flatMap(({ n, k, length }) => Array.from({ length }, () => k / n));
}
